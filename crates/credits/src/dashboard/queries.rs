//! The SQL of the customer's own pages; read as that person.

use kernel::{ImageCredits, Tokens, UserId, Yen};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::lots::model::Amount;
use payments::subscriptions::BillingPeriod;

/// A lot that something can still be made with.
pub(super) struct LotRow {
    pub(super) amount: Amount,
    pub(super) source: String,
    pub(super) expires_at: Option<OffsetDateTime>,
}

/// The lots of a person, in the order in which they are spent.
pub(super) async fn lots(tx: &mut Tx, user_id: UserId, now: OffsetDateTime) -> Result<Vec<LotRow>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select unit, source, available, expires_at from public.credit_lots
            where user_id = $1 and available > 0 and ended_at is null and (expires_at is null or expires_at > $2)
            order by expires_at nulls last, (source = 'purchase'), issued_at, id limit 100"#,
        user_id as UserId,
        now,
    )
    .fetch_all(tx.conn())
    .await?;
    let lot = |row: (String, i64, String, Option<OffsetDateTime>)| LotRow {
        amount: Amount::of(&row.0, row.1),
        source: row.2,
        expires_at: row.3,
    };
    Ok(rows.into_iter().map(|row| lot((row.unit, row.available, row.source, row.expires_at))).collect())
}

/// The subscription of a person, as that person may see it.
pub(super) struct SubscriptionRow {
    pub(super) period: BillingPeriod,
    pub(super) price: Yen,
    pub(super) period_end: OffsetDateTime,
    pub(super) next_plan: Option<String>,
    pub(super) next_price: Option<Yen>,
    pub(super) cancel_at_period_end: bool,
}

pub(super) async fn subscription(tx: &mut Tx, user_id: UserId) -> Result<Option<SubscriptionRow>, DatabaseError> {
    sqlx::query_as!(
        SubscriptionRow,
        r#"select period as "period: BillingPeriod", price_yen as "price: Yen", period_end, next_plan,
                  next_price_yen as "next_price: Yen", cancel_at_period_end
             from public.subscriptions where user_id = $1 and status in ('active', 'past_due')"#,
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Something that was paid, or is to be.
pub(super) struct PaidRow {
    pub(super) at: OffsetDateTime,
    pub(super) plan: Option<String>,
    pub(super) from: Option<OffsetDateTime>,
    pub(super) until: Option<OffsetDateTime>,
    pub(super) tokens: Option<Tokens>,
    pub(super) amount: Yen,
    pub(super) state: String,
    /// The paper for the buyer's books.
    pub(super) paper_id: Option<Uuid>,
}

/// What a person has paid, newest first.
pub(super) async fn paid(tx: &mut Tx, user_id: UserId, limit: i64) -> Result<Vec<PaidRow>, DatabaseError> {
    sqlx::query_as!(
        PaidRow,
        r#"select h.at as "at!", h.plan, h.from_at as "from", h.until_at as "until", h.tokens as "tokens: Tokens",
                  h.amount as "amount!: Yen", h.state as "state!", b.id as "paper_id?"
             from (select coalesce(i.paid_at, i.created_at) as at, coalesce(i.plan, s.plan) as plan,
                          i.period_start as from_at, i.period_end as until_at, null::bigint as tokens,
                          i.payment_id, i.amount_yen as amount, case when i.refunded_at is null then i.status else 'refunded' end as state
                     from public.subscription_invoices as i join public.subscriptions as s on s.id = i.subscription_id
                    where i.user_id = $1
                   union all
                   select coalesce(p.paid_at, p.created_at), null, null, null, p.tokens_milli, p.payment_id,
                          p.price_yen, p.state
                     from public.pack_purchases as p where p.user_id = $1 and p.state <> 'lapsed') as h
             left join public.tax_invoices as b on b.payment_id = h.payment_id and b.kind = 'invoice'
            order by h.at desc limit $2"#,
        user_id as UserId,
        limit,
    )
    .fetch_all(tx.conn())
    .await
}

/// What a person's plan brings until the next renewal; the plan itself may have been edited since.
pub(super) struct TermsRow {
    pub(super) history_days: Option<i32>,
    pub(super) page_limit: i32,
    /// What each month of the period that is paid gives.
    pub(super) tokens_month: Option<Tokens>,
    pub(super) image_credits_month: Option<ImageCredits>,
}

pub(super) async fn terms(tx: &mut Tx, user_id: UserId) -> Result<Option<TermsRow>, DatabaseError> {
    sqlx::query_as!(
        TermsRow,
        r#"select s.history_days, s.page_limit, i.tokens_month_milli as "tokens_month?: Tokens",
                  i.image_credits_month as "image_credits_month?: ImageCredits"
             from public.user_settings as s
             left join lateral (
                  select n.tokens_month_milli, n.image_credits_month from public.subscription_invoices as n
                   where n.user_id = s.user_id and n.status = 'paid' and n.reason in ('create', 'cycle') and n.plan = s.plan
                   order by n.period_start desc limit 1) as i on true
            where s.user_id = $1"#,
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await
}
