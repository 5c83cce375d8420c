//! The SQL of checkouts.

use kernel::{Ctx, UserId, Yen};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use super::model::{Checkout, CheckoutState};
use crate::ids::CheckoutId;
use crate::plans::model::PlanCode;
use payments::providers::ProviderCode;
use payments::subscriptions::BillingPeriod;

struct Row {
    id: CheckoutId,
    user_id: Option<UserId>,
    plan: PlanCode,
    period: BillingPeriod,
    price: Yen,
    locale: String,
    provider: Option<ProviderCode>,
    session_id: Option<String>,
    state: CheckoutState,
    email_masked: Option<String>,
    is_new_user: Option<bool>,
}

impl From<Row> for Checkout {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            plan: row.plan,
            period: row.period,
            price: row.price,
            locale: row.locale.parse().unwrap_or_default(),
            session: row.provider.zip(row.session_id),
            state: row.state,
            email_masked: row.email_masked,
            is_new_user: row.is_new_user,
        }
    }
}

/// Writes a checkout before its page is opened.
pub(super) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    checkout: &Checkout,
    next_check_at: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.subscription_checkouts
             (id, user_id, plan, period, price_yen, locale, state, next_check_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $8)"#,
        checkout.id as CheckoutId,
        checkout.user_id as Option<UserId>,
        checkout.plan.as_str(),
        checkout.period.as_str(),
        checkout.price as Yen,
        checkout.locale.tag(),
        next_check_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes the provider's name of the page.
pub(crate) async fn note_session(
    ctx: &Ctx,
    tx: &mut Tx,
    id: CheckoutId,
    provider: ProviderCode,
    session_id: &str,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.subscription_checkouts set provider = $4, session_id = $2, updated_at = $3
          where id = $1 and session_id is distinct from $2",
        id as CheckoutId,
        session_id,
        ctx.now(),
        provider.as_str(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The checkout, held until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: CheckoutId) -> Result<Option<Checkout>, DatabaseError> {
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: CheckoutId", user_id as "user_id: UserId", plan as "plan: PlanCode",
                  period as "period: BillingPeriod", price_yen as "price: Yen", locale, provider as "provider: ProviderCode", session_id,
                  state as "state: CheckoutState", email_masked, is_new_user
             from public.subscription_checkouts where id = $1 for update"#,
        id as CheckoutId,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Checkout::from))
}

/// The checkout of a page.
pub(super) async fn of_session(tx: &mut Tx, session_id: &str) -> Result<Option<Checkout>, DatabaseError> {
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: CheckoutId", user_id as "user_id: UserId", plan as "plan: PlanCode",
                  period as "period: BillingPeriod", price_yen as "price: Yen", locale, provider as "provider: ProviderCode", session_id,
                  state as "state: CheckoutState", email_masked, is_new_user
             from public.subscription_checkouts where session_id = $1"#,
        session_id,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Checkout::from))
}

/// Notes how a checkout ended.
pub(crate) async fn close(
    ctx: &Ctx,
    tx: &mut Tx,
    checkout: &Checkout,
    state: CheckoutState,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.subscription_checkouts
              set state = $2, user_id = $3, session_id = coalesce($4, session_id), email_masked = $5, is_new_user = $6,
                  next_check_at = null, updated_at = $7, provider = coalesce($8, provider)
            where id = $1"#,
        checkout.id as CheckoutId,
        state as CheckoutState,
        checkout.user_id as Option<UserId>,
        checkout.session.as_ref().map(|(_, session_id)| session_id.as_str()),
        checkout.email_masked,
        checkout.is_new_user,
        ctx.now(),
        checkout.session.as_ref().map(|(provider, _)| provider.as_str()),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that nobody can pay any more, where nobody has.
pub(crate) async fn lapse(ctx: &Ctx, tx: &mut Tx, id: CheckoutId) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.subscription_checkouts set state = 'lapsed', next_check_at = null, updated_at = $2
          where id = $1 and state = 'open'",
        id as CheckoutId,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A checkout of which nothing was heard.
pub(super) struct Silent {
    pub(super) id: CheckoutId,
    pub(super) provider: Option<ProviderCode>,
    pub(super) session_id: Option<String>,
    pub(super) check_count: i32,
    pub(super) created_at: OffsetDateTime,
}

/// Checkouts of which nothing was heard for a while, held until the transaction ends.
pub(super) async fn silent(tx: &mut Tx, now: OffsetDateTime, limit: i64) -> Result<Vec<Silent>, DatabaseError> {
    sqlx::query_as!(
        Silent,
        r#"select id as "id: CheckoutId", provider as "provider: ProviderCode", session_id, check_count, created_at
             from public.subscription_checkouts
            where next_check_at <= $1 order by next_check_at limit $2 for update skip locked"#,
        now,
        limit,
    )
    .fetch_all(tx.conn())
    .await
}

/// When to ask again.
pub(super) async fn check_again_at(
    ctx: &Ctx,
    tx: &mut Tx,
    id: CheckoutId,
    at: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.subscription_checkouts
            set next_check_at = $2, check_count = check_count + 1, updated_at = $3 where id = $1 and state = 'open'",
        id as CheckoutId,
        at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
