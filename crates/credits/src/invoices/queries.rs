//! The SQL of invoices.

use kernel::{Ctx, ImageCredits, PaymentId, Tokens, UserId, Yen};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use super::grants::Given;
use super::model::{Invoice, Reason, Status};
use crate::ids::{SubscriptionId, SubscriptionInvoiceId};
use crate::plans::model::PlanCode;

struct Row {
    id: SubscriptionInvoiceId,
    subscription_id: SubscriptionId,
    user_id: Option<UserId>,
    provider_invoice_id: String,
    reason: Reason,
    status: Status,
    plan: Option<PlanCode>,
    amount: Yen,
    period_start: OffsetDateTime,
    period_end: OffsetDateTime,
    months: i32,
    months_granted: i32,
    tokens_month: Tokens,
    image_credits_month: ImageCredits,
    tokens_first: Tokens,
    image_credits_first: ImageCredits,
    image_price: Tokens,
    payment_id: Option<PaymentId>,
}

impl From<Row> for Invoice {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            subscription_id: row.subscription_id,
            user_id: row.user_id,
            provider_invoice_id: row.provider_invoice_id,
            reason: row.reason,
            status: row.status,
            plan: row.plan,
            amount: row.amount,
            period_start: row.period_start,
            period_end: row.period_end,
            given: Given {
                months: row.months,
                tokens_month: row.tokens_month,
                image_credits_month: row.image_credits_month,
                tokens_first: row.tokens_first,
                image_credits_first: row.image_credits_first,
            },
            months_granted: row.months_granted,
            image_price: row.image_price,
            payment_id: row.payment_id,
        }
    }
}

/// Writes an invoice down as open, unless it is known; says whether it did.
pub(super) async fn insert(ctx: &Ctx, tx: &mut Tx, invoice: &Invoice) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.subscription_invoices
             (id, subscription_id, user_id, provider_invoice_id, reason, status, plan, amount_yen, period_start,
              period_end, created_at, updated_at)
           values ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $10) on conflict (provider_invoice_id) do nothing"#,
        invoice.id as SubscriptionInvoiceId,
        invoice.subscription_id as SubscriptionId,
        invoice.user_id as Option<UserId>,
        invoice.provider_invoice_id,
        invoice.reason as Reason,
        invoice.plan.as_ref().map(PlanCode::as_str),
        invoice.amount as Yen,
        invoice.period_start,
        invoice.period_end,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// By what an invoice is found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which<'a> {
    Id(SubscriptionInvoiceId),
    AtProvider(&'a str),
}

/// An invoice, held until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, which: Which<'_>) -> Result<Option<Invoice>, DatabaseError> {
    let (id, name) = match which {
        Which::Id(id) => (Some(id), None),
        Which::AtProvider(name) => (None, Some(name)),
    };
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: SubscriptionInvoiceId", subscription_id as "subscription_id: SubscriptionId",
                  user_id as "user_id: UserId", provider_invoice_id, reason as "reason: Reason",
                  status as "status: Status", plan as "plan: PlanCode", amount_yen as "amount: Yen",
                  period_start, period_end, months, months_granted, tokens_month_milli as "tokens_month: Tokens",
                  image_credits_month as "image_credits_month: ImageCredits", tokens_first_milli as "tokens_first: Tokens",
                  image_credits_first as "image_credits_first: ImageCredits", image_price_milli as "image_price: Tokens",
                  payment_id as "payment_id: PaymentId"
             from public.subscription_invoices where id = $1 or provider_invoice_id = $2 for update"#,
        id as Option<SubscriptionInvoiceId>,
        name,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Invoice::from))
}

/// Writes back what changed.
pub(super) async fn save(
    ctx: &Ctx,
    tx: &mut Tx,
    invoice: &Invoice,
    paid_at: Option<OffsetDateTime>,
) -> Result<(), DatabaseError> {
    let given = &invoice.given;
    sqlx::query!(
        r#"update public.subscription_invoices
              set status = $2, plan = $3, amount_yen = $4, period_start = $5, period_end = $6, months = $7,
                  months_granted = $8, tokens_month_milli = $9, image_credits_month = $10, tokens_first_milli = $11,
                  image_credits_first = $12, image_price_milli = $13, next_grant_at = $14, payment_id = $15,
                  paid_at = coalesce(paid_at, $16), updated_at = $17
            where id = $1"#,
        invoice.id as SubscriptionInvoiceId,
        invoice.status as Status,
        invoice.plan.as_ref().map(PlanCode::as_str),
        invoice.amount as Yen,
        invoice.period_start,
        invoice.period_end,
        given.months,
        invoice.months_granted,
        given.tokens_month as Tokens,
        given.image_credits_month as ImageCredits,
        given.tokens_first as Tokens,
        given.image_credits_first as ImageCredits,
        invoice.image_price as Tokens,
        invoice.next_grant_at(),
        invoice.payment_id as Option<PaymentId>,
        paid_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether a later period of the subscription is paid.
pub(super) async fn is_followed(tx: &mut Tx, invoice: &Invoice) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.subscription_invoices
                           where subscription_id = $1 and status = 'paid' and id <> $2 and period_start >= $3) as "is!""#,
        invoice.subscription_id as SubscriptionId,
        invoice.id as SubscriptionInvoiceId,
        invoice.period_end,
    )
    .fetch_one(tx.conn())
    .await
}

/// Invoices whose next month has begun; left alone where somebody is at work on them.
pub(super) async fn due(
    tx: &mut Tx,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<SubscriptionInvoiceId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: SubscriptionInvoiceId" from public.subscription_invoices
            where next_grant_at <= $1 order by next_grant_at limit $2 for update skip locked"#,
        now,
        limit,
    )
    .fetch_all(tx.conn())
    .await
}

/// Notes that the money went back; nothing more is given.
pub(super) async fn mark_refunded(ctx: &Ctx, tx: &mut Tx, id: SubscriptionInvoiceId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.subscription_invoices
            set refunded_at = $2, months = months_granted, next_grant_at = null, updated_at = $2
          where id = $1 and refunded_at is null",
        id as SubscriptionInvoiceId,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether the provider still holds an unpaid invoice of a subscription.
pub(crate) async fn has_open(tx: &mut Tx, id: SubscriptionId) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.subscription_invoices where subscription_id = $1 and status = 'open') as "is!""#,
        id as SubscriptionId,
    )
    .fetch_one(tx.conn())
    .await
}
