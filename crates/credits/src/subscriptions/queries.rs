//! The SQL of subscriptions.

use kernel::{Ctx, UserId, Yen};
use payments::providers::ProviderCode;
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use super::model::{FOLLOW_AFTER, Status, Subscription, Terms};
use crate::ids::{CheckoutId, SubscriptionId};
use crate::plans::model::PlanCode;
use payments::subscriptions::BillingPeriod;

struct Row {
    id: SubscriptionId,
    user_id: Option<UserId>,
    checkout_id: CheckoutId,
    provider: ProviderCode,
    provider_subscription_id: String,
    provider_customer_id: String,
    plan: PlanCode,
    period: BillingPeriod,
    price: Yen,
    status: Status,
    period_start: OffsetDateTime,
    period_end: OffsetDateTime,
    next_plan: Option<PlanCode>,
    next_period: Option<BillingPeriod>,
    next_price: Option<Yen>,
    cancel_at_period_end: bool,
    past_due_since: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
    as_of: OffsetDateTime,
}

impl From<Row> for Subscription {
    fn from(row: Row) -> Self {
        let next = match (row.next_plan, row.next_period, row.next_price) {
            (Some(plan), Some(period), Some(price)) => Some(Terms { plan, period, price }),
            _ => None,
        };
        Self {
            id: row.id,
            user_id: row.user_id,
            checkout_id: row.checkout_id,
            provider: row.provider,
            provider_subscription_id: row.provider_subscription_id,
            provider_customer_id: row.provider_customer_id,
            plan: row.plan,
            period: row.period,
            price: row.price,
            status: row.status,
            period_start: row.period_start,
            period_end: row.period_end,
            next,
            cancel_at_period_end: row.cancel_at_period_end,
            past_due_since: row.past_due_since,
            ended_at: row.ended_at,
            as_of: row.as_of,
        }
    }
}

/// By what a subscription is found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    /// Ours.
    Id(SubscriptionId),
    /// The provider's name of it.
    AtProvider(&'a str),
    /// The live one of a person.
    LiveOf(UserId),
}

/// A subscription, held until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, which: Which<'_>) -> Result<Option<Subscription>, DatabaseError> {
    let (id, name, owner) = match which {
        Which::Id(id) => (Some(id), None, None),
        Which::AtProvider(name) => (None, Some(name), None),
        Which::LiveOf(user_id) => (None, None, Some(user_id)),
    };
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: SubscriptionId", user_id as "user_id: UserId", checkout_id as "checkout_id: CheckoutId",
                  provider as "provider: ProviderCode", provider_subscription_id, provider_customer_id, plan as "plan: PlanCode", period as "period: BillingPeriod",
                  price_yen as "price: Yen", status as "status: Status", period_start, period_end,
                  next_plan as "next_plan: PlanCode", next_period as "next_period: BillingPeriod",
                  next_price_yen as "next_price: Yen", cancel_at_period_end, past_due_since, ended_at, as_of
             from public.subscriptions
            where id = $1 or provider_subscription_id = $2 or (user_id = $3 and status in ('active', 'past_due'))
              for update"#,
        id as Option<SubscriptionId>,
        name,
        owner as Option<UserId>,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Subscription::from))
}

/// The live subscription of a person, for the platform.
///
/// # Errors
/// When the database fails.
pub async fn live_of(tx: &mut Tx, user_id: UserId) -> Result<Option<Subscription>, DatabaseError> {
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: SubscriptionId", user_id as "user_id: UserId", checkout_id as "checkout_id: CheckoutId",
                  provider as "provider: ProviderCode", provider_subscription_id, provider_customer_id, plan as "plan: PlanCode", period as "period: BillingPeriod",
                  price_yen as "price: Yen", status as "status: Status", period_start, period_end,
                  next_plan as "next_plan: PlanCode", next_period as "next_period: BillingPeriod",
                  next_price_yen as "next_price: Yen", cancel_at_period_end, past_due_since, ended_at, as_of
             from public.subscriptions where user_id = $1 and status in ('active', 'past_due')"#,
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Subscription::from))
}

/// Where somebody has paid for a plan before, and the name there, for the platform.
///
/// # Errors
/// When the database fails.
pub async fn customer_of(tx: &mut Tx, user_id: UserId) -> Result<Option<(ProviderCode, String)>, DatabaseError> {
    let row = sqlx::query!(
        r#"select provider as "provider: ProviderCode", provider_customer_id from public.subscriptions where user_id = $1
            order by (status in ('active', 'past_due')) desc, created_at desc limit 1"#,
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.provider, row.provider_customer_id)))
}

/// Writes a new subscription; false when the person has a live one, or when this one is known.
pub(super) async fn insert(ctx: &Ctx, tx: &mut Tx, subscription: &Subscription) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.subscriptions
             (id, user_id, checkout_id, provider, provider_subscription_id, provider_customer_id, plan, period, price_yen,
              status, period_start, period_end, past_due_since, ended_at, as_of, next_check_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
           on conflict do nothing"#,
        subscription.id as SubscriptionId,
        subscription.user_id as Option<UserId>,
        subscription.checkout_id as CheckoutId,
        subscription.provider.as_str(),
        subscription.provider_subscription_id,
        subscription.provider_customer_id,
        subscription.plan.as_str(),
        subscription.period.as_str(),
        subscription.price as Yen,
        subscription.status as Status,
        subscription.period_start,
        subscription.period_end,
        subscription.past_due_since,
        subscription.ended_at,
        subscription.as_of,
        next_check(subscription),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// When a subscription of which nothing is heard is asked about.
fn next_check(subscription: &Subscription) -> Option<OffsetDateTime> {
    subscription.status.is_live().then(|| subscription.period_end + FOLLOW_AFTER)
}

/// Writes back what changed.
pub(super) async fn save(
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &Subscription,
    dunning_due_at: Option<OffsetDateTime>,
) -> Result<(), DatabaseError> {
    let next = subscription.next.as_ref();
    sqlx::query!(
        r#"update public.subscriptions
              set plan = $2, period = $3, price_yen = $4, status = $5, period_start = $6, period_end = $7, next_plan = $8,
                  next_period = $9, next_price_yen = $10, cancel_at_period_end = $11, past_due_since = $12,
                  dunning_due_at = $13, ended_at = $14, as_of = $15, next_check_at = $16, updated_at = $17
            where id = $1"#,
        subscription.id as SubscriptionId,
        subscription.plan.as_str(),
        subscription.period.as_str(),
        subscription.price as Yen,
        subscription.status as Status,
        subscription.period_start,
        subscription.period_end,
        next.map(|terms| terms.plan.as_str()),
        next.map(|terms| terms.period.as_str()),
        next.map(|terms| terms.price.get()),
        subscription.cancel_at_period_end,
        subscription.past_due_since,
        dunning_due_at,
        subscription.ended_at,
        subscription.as_of,
        next_check(subscription),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Saves the requested change and returns its idempotency key: the same change keeps its key until it is cleared.
pub(super) async fn request_change(
    ctx: &Ctx,
    tx: &mut Tx,
    id: SubscriptionId,
    change: &str,
    fresh_key: &str,
) -> Result<String, DatabaseError> {
    sqlx::query_scalar!(
        r#"update public.subscriptions
              set requested_change_key = case when requested_change = $2 then requested_change_key else $3 end,
                  requested_change = $2, updated_at = $4
            where id = $1 returning requested_change_key as "key!""#,
        id as SubscriptionId,
        change,
        fresh_key,
        ctx.now(),
    )
    .fetch_one(tx.conn())
    .await
}

/// Clears a requested change that the provider accepted or refused.
pub(super) async fn clear_requested_change(tx: &mut Tx, id: SubscriptionId, key: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.subscriptions set requested_change = null, requested_change_key = null
          where id = $1 and requested_change_key = $2",
        id as SubscriptionId,
        key,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Subscriptions whose dunning state changes now; rows that another transaction holds are skipped.
pub(super) async fn dunning_due(
    tx: &mut Tx,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<SubscriptionId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: SubscriptionId" from public.subscriptions
            where dunning_due_at <= $1 order by dunning_due_at limit $2 for update skip locked"#,
        now,
        limit,
    )
    .fetch_all(tx.conn())
    .await
}

/// Subscriptions whose renewal should have been heard of.
pub(super) async fn silent(
    tx: &mut Tx,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<(SubscriptionId, ProviderCode, String)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select id as "id: SubscriptionId", provider as "provider: ProviderCode", provider_subscription_id
             from public.subscriptions
            where next_check_at <= $1 order by next_check_at limit $2 for update skip locked"#,
        now,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.provider, row.provider_subscription_id)).collect())
}

/// When to ask again.
pub(super) async fn check_again_at(tx: &mut Tx, id: SubscriptionId, at: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!("update public.subscriptions set next_check_at = $2 where id = $1", id as SubscriptionId, at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets an address where a checkout and the work that is done hold it.
pub(super) async fn forget_address(ctx: &Ctx, tx: &mut Tx, user_id: UserId, email: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.subscription_checkouts set email_masked = null, updated_at = $2 where user_id = $1",
        user_id as UserId,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        r"update public.jobs set payload = regexp_replace(payload::text, $1, 'erased@erased.invalid', 'gi')::jsonb
           where name like 'credits.%' and finished_at is not null and payload::text ~* $1",
        regex_of(email),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An expression that finds exactly these letters.
fn regex_of(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_alphanumeric() { letter.to_string() } else { format!("\\{letter}") })
        .collect()
}
