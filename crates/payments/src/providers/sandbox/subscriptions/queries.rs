//! The SQL of the sandbox's tables about subscriptions.

use kernel::{Ctx, Yen};
use platform::{DatabaseError, Tx};
use serde_json::Value;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::model::{Checkout, Customer, Invoice, Line, Subscription, Terms};
use crate::providers::code::ProviderCode;
use crate::subscriptions::model::{BillingPeriod, NewSubscriptionCheckout};

/// Inserts a checkout page, unless the key has one.
pub(super) async fn insert_checkout(
    ctx: &Ctx,
    tx: &mut Tx,
    id: &str,
    key: &str,
    new: &NewSubscriptionCheckout,
    metadata: &Value,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.sandbox_subscription_checkouts
             (id, idempotency_key, customer_id, customer_email, plan_code, plan_name, period, price_jpy, success_url,
              cancel_url, client_reference_id, locale, metadata, status, expires_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', $14, $15, $15)
           on conflict (idempotency_key) do nothing"#,
        id,
        key,
        new.customer_at(ProviderCode::Sandbox),
        new.email,
        new.plan_code,
        new.plan_name,
        new.period.as_str(),
        new.price.get(),
        new.success_url,
        new.cancel_url,
        new.checkout_id.to_string(),
        new.locale.tag(),
        metadata,
        ctx.now() + time::Duration::hours(24),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn checkout_by_key(tx: &mut Tx, key: &str) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!("select id from public.sandbox_subscription_checkouts where idempotency_key = $1", key)
        .fetch_optional(tx.conn())
        .await
}

/// The checkout page, which nobody else can change until the transaction ends.
pub(super) async fn lock_checkout(tx: &mut Tx, id: &str) -> Result<Option<Checkout>, DatabaseError> {
    sqlx::query_as!(
        Checkout,
        r#"select id, customer_id, customer_email, plan_code, plan_name, period as "period: BillingPeriod",
                  price_jpy as "price: Yen", success_url, cancel_url, client_reference_id, locale, metadata, status,
                  subscription_id, expires_at, created_at
             from public.sandbox_subscription_checkouts where id = $1 for update"#,
        id,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn save_checkout(ctx: &Ctx, tx: &mut Tx, checkout: &Checkout) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.sandbox_subscription_checkouts
              set status = $2, customer_id = $3, customer_email = $4, subscription_id = $5, updated_at = $6
            where id = $1"#,
        checkout.id,
        checkout.status,
        checkout.customer_id,
        checkout.customer_email,
        checkout.subscription_id,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn insert_customer(ctx: &Ctx, tx: &mut Tx, customer: &Customer) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.sandbox_customers (id, email, locale, card_works, metadata, created_at, updated_at)
           values ($1, $2, $3, $4, '{}', $5, $5)"#,
        customer.id,
        customer.email,
        customer.locale,
        customer.card_works,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The customer, whom nobody else can change until the transaction ends.
pub(super) async fn lock_customer(tx: &mut Tx, id: &str) -> Result<Option<Customer>, DatabaseError> {
    sqlx::query_as!(
        Customer,
        "select id, email, locale, card_works from public.sandbox_customers where id = $1 for update",
        id,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn set_card(ctx: &Ctx, tx: &mut Tx, id: &str, works: bool) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.sandbox_customers set card_works = $2, updated_at = $3 where id = $1",
        id,
        works,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds notes to a customer's; false when there is no such customer.
pub(super) async fn note_customer(ctx: &Ctx, tx: &mut Tx, id: &str, notes: &Value) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.sandbox_customers set metadata = metadata || $2, updated_at = $3 where id = $1",
        id,
        notes,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The subscription, which nobody else can change until the transaction ends.
pub(super) async fn lock_subscription(tx: &mut Tx, id: &str) -> Result<Option<Subscription>, DatabaseError> {
    sqlx::query_as!(
        Subscription,
        r#"select id, customer_id, status, plan_code, plan_name, period as "period: BillingPeriod",
                  price_jpy as "price: Yen", next_plan as "next_plan: Json<Terms>", metadata, anchor_at,
                  current_period_start as period_start, current_period_end as period_end, cancel_at_period_end,
                  canceled_at, latest_invoice_id, clock_ahead_seconds, created_at
             from public.sandbox_subscriptions where id = $1 for update"#,
        id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes a subscription, new or changed; `due_at` is by our clock.
pub(super) async fn save_subscription(
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &Subscription,
    due_at: Option<OffsetDateTime>,
) -> Result<(), DatabaseError> {
    let next_plan = subscription.next_plan.as_ref().and_then(|Json(terms)| serde_json::to_value(terms).ok());
    sqlx::query!(
        r#"insert into public.sandbox_subscriptions
             (id, customer_id, status, plan_code, plan_name, period, price_jpy, next_plan, metadata, anchor_at,
              current_period_start, current_period_end, cancel_at_period_end, canceled_at, latest_invoice_id,
              clock_ahead_seconds, due_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
           on conflict (id) do update
              set status = $3, plan_code = $4, plan_name = $5, period = $6, price_jpy = $7, next_plan = $8,
                  anchor_at = $10, current_period_start = $11, current_period_end = $12, cancel_at_period_end = $13,
                  canceled_at = $14, latest_invoice_id = $15, clock_ahead_seconds = $16, due_at = $17, updated_at = $19"#,
        subscription.id,
        subscription.customer_id,
        subscription.status,
        subscription.plan_code,
        subscription.plan_name,
        subscription.period.as_str(),
        subscription.price.get(),
        next_plan,
        subscription.metadata,
        subscription.anchor_at,
        subscription.period_start,
        subscription.period_end,
        subscription.cancel_at_period_end,
        subscription.canceled_at,
        subscription.latest_invoice_id,
        subscription.clock_ahead_seconds,
        due_at,
        subscription.created_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes an invoice, new or changed.
pub(super) async fn save_invoice(ctx: &Ctx, tx: &mut Tx, invoice: &Invoice) -> Result<(), DatabaseError> {
    let lines = serde_json::to_value(&invoice.lines.0).unwrap_or_default();
    sqlx::query!(
        r#"insert into public.sandbox_invoices
             (id, subscription_id, billing_reason, status, amount_jpy, refunded_jpy, payment_intent_id, lines,
              attempt_count, next_attempt_at, created_at, paid_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
           on conflict (id) do update
              set status = $4, refunded_jpy = $6, attempt_count = $9, next_attempt_at = $10, paid_at = $12,
                  updated_at = $13"#,
        invoice.id,
        invoice.subscription_id,
        invoice.billing_reason,
        invoice.status,
        invoice.amount.get(),
        invoice.refunded.get(),
        invoice.payment_intent_id,
        lines,
        invoice.attempt_count,
        invoice.next_attempt_at,
        invoice.created_at,
        invoice.paid_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

macro_rules! invoices_where {
    ($condition:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Invoice,
            r#"select id, subscription_id, billing_reason, status, amount_jpy as "amount: Yen",
                      refunded_jpy as "refunded: Yen", payment_intent_id, lines as "lines: Json<Vec<Line>>",
                      attempt_count, next_attempt_at, created_at, paid_at
                 from public.sandbox_invoices "# + $condition,
            $($argument),+
        )
    };
}

/// The newest invoice that is open.
pub(super) async fn open_invoice(tx: &mut Tx, subscription_id: &str) -> Result<Option<Invoice>, DatabaseError> {
    invoices_where!(
        "where subscription_id = $1 and status = 'open' order by number desc limit 1 for update",
        subscription_id
    )
    .fetch_optional(tx.conn())
    .await
}

/// An invoice.
pub(super) async fn invoice(tx: &mut Tx, id: &str) -> Result<Option<Invoice>, DatabaseError> {
    invoices_where!("where id = $1", id).fetch_optional(tx.conn()).await
}

/// The invoice behind a payment, which nobody else can change until the transaction ends.
pub(super) async fn lock_invoice_of_intent(tx: &mut Tx, intent_id: &str) -> Result<Option<Invoice>, DatabaseError> {
    invoices_where!("where payment_intent_id = $1 for update", intent_id).fetch_optional(tx.conn()).await
}

/// The newest invoices, newest first.
pub(super) async fn newest_invoices(
    tx: &mut Tx,
    subscription_id: &str,
    limit: i64,
) -> Result<Vec<Invoice>, DatabaseError> {
    invoices_where!("where subscription_id = $1 order by number desc limit $2", subscription_id, limit)
        .fetch_all(tx.conn())
        .await
}

/// The name of the invoice with which a subscription began.
pub(super) async fn first_invoice(tx: &mut Tx, subscription_id: &str) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!(
        "select id from public.sandbox_invoices where subscription_id = $1 order by number limit 1",
        subscription_id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Who pays for a subscription, and which one it is: the newest of a customer.
pub(super) async fn newest_subscription(tx: &mut Tx, customer_id: &str) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id from public.sandbox_subscriptions where customer_id = $1
            order by (status <> 'canceled') desc, created_at desc, id limit 1"#,
        customer_id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Remembers a call; false when it was made before.
pub(super) async fn first_call(ctx: &Ctx, tx: &mut Tx, key: &str) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "insert into public.sandbox_calls (idempotency_key, created_at) values ($1, $2) on conflict do nothing",
        key,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Subscriptions whose clocks have reached something.
pub(super) async fn due_subscriptions(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<String>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id from public.sandbox_subscriptions where due_at <= $1 order by due_at limit 50
           for update skip locked"#,
        ctx.now(),
    )
    .fetch_all(tx.conn())
    .await
}

/// An event on the page.
pub(super) struct EventRow {
    pub event_type: String,
    pub created_at: OffsetDateTime,
    pub delivered_at: Option<OffsetDateTime>,
    pub attempts: i32,
    pub last_status: Option<i16>,
}

/// What happened to a subscription, newest first.
pub(super) async fn newest_events(tx: &mut Tx, subscription_id: &str) -> Result<Vec<EventRow>, DatabaseError> {
    sqlx::query_as!(
        EventRow,
        r#"select event_type, created_at, delivered_at, attempts, last_status
             from public.sandbox_events where subscription_id = $1 order by number desc limit 30"#,
        subscription_id,
    )
    .fetch_all(tx.conn())
    .await
}
