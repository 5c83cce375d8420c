//! The SQL of the sandbox's own tables.

use kernel::{Ctx, Yen};
use platform::{DatabaseError, Tx};
use serde_json::Value;

use super::dispute_at_bank::DisputeAtBank;
use super::model::{RefundRow, Session};
use crate::providers::request::{CheckoutRequest, RefundOrder};

/// Inserts a session, unless the key has one.
pub(super) async fn insert_session(
    ctx: &Ctx,
    tx: &mut Tx,
    id: &str,
    intent_id: &str,
    request: &CheckoutRequest,
    captures_at_once: bool,
) -> Result<(), DatabaseError> {
    let metadata = serde_json::to_value(request.notes()).unwrap_or_default();
    sqlx::query!(
        r#"insert into public.sandbox_sessions
             (id, payment_intent_id, amount_jpy, description, success_url, cancel_url, client_reference_id, locale,
              metadata, idempotency_key, status, payment_status, expires_at, created_at, updated_at, capture_method)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', 'unpaid', $11, $12, $12, $13)
           on conflict (idempotency_key) do nothing"#,
        id,
        intent_id,
        request.amount.get(),
        request.description,
        request.success_url,
        request.cancel_url,
        request.reference_id.to_string(),
        request.locale.tag(),
        metadata,
        request.idempotency_key,
        request.expires_at,
        ctx.now(),
        if captures_at_once { "automatic" } else { "manual" },
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn id_by_key(tx: &mut Tx, key: &str) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!("select id from public.sandbox_sessions where idempotency_key = $1", key)
        .fetch_optional(tx.conn())
        .await
}

pub(super) async fn id_by_intent(tx: &mut Tx, intent_id: &str) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!("select id from public.sandbox_sessions where payment_intent_id = $1", intent_id)
        .fetch_optional(tx.conn())
        .await
}

/// The session, which nobody else can change until the transaction ends.
pub(super) async fn lock_session(tx: &mut Tx, id: &str) -> Result<Option<Session>, DatabaseError> {
    sqlx::query_as!(
        Session,
        r#"select id, payment_intent_id, amount_jpy as "amount: Yen", refunded_jpy as "refunded: Yen", description,
                  success_url, cancel_url, client_reference_id, metadata, status, payment_status, konbini_lapsed,
                  capture_method, is_approved, last_decline_code, dispute_state as "dispute: DisputeAtBank", expires_at, created_at
             from public.sandbox_sessions where id = $1 for update"#,
        id,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn save_session(ctx: &Ctx, tx: &mut Tx, session: &Session) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.sandbox_sessions
              set status = $2, payment_status = $3, konbini_lapsed = $4, last_decline_code = $5, refunded_jpy = $6,
                  updated_at = $7, dispute_state = $8, is_approved = $9
            where id = $1"#,
        session.id,
        session.status,
        session.payment_status,
        session.konbini_lapsed,
        session.last_decline_code,
        session.refunded.get(),
        ctx.now(),
        session.dispute.map(DisputeAtBank::as_str),
        session.is_approved,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Inserts a refund; false when the key has one.
pub(super) async fn insert_refund(
    ctx: &Ctx,
    tx: &mut Tx,
    id: &str,
    order: &RefundOrder,
    metadata: &Value,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.sandbox_refunds (id, payment_intent_id, amount_jpy, metadata, idempotency_key, created_at)
           values ($1, $2, $3, $4, $5, $6) on conflict (idempotency_key) do nothing"#,
        id,
        order.txn_id,
        order.amount.get(),
        metadata,
        order.idempotency_key,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn refund_by_key(tx: &mut Tx, key: &str) -> Result<Option<RefundRow>, DatabaseError> {
    sqlx::query_as!(
        RefundRow,
        r#"select id, payment_intent_id, amount_jpy as "amount: Yen", metadata, created_at
             from public.sandbox_refunds where idempotency_key = $1"#,
        key,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn refunds_of(tx: &mut Tx, intent_id: &str) -> Result<Vec<RefundRow>, DatabaseError> {
    sqlx::query_as!(
        RefundRow,
        r#"select id, payment_intent_id, amount_jpy as "amount: Yen", metadata, created_at
             from public.sandbox_refunds where payment_intent_id = $1 order by created_at desc, id"#,
        intent_id,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn insert_event(
    ctx: &Ctx,
    tx: &mut Tx,
    id: &str,
    subscription_id: Option<&str>,
    kind: &str,
    body: &str,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.sandbox_events (id, event_type, body, created_at, subscription_id)
           values ($1, $2, $3, $4, $5)"#,
        id,
        kind,
        body,
        ctx.now(),
        subscription_id,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The body of an event that has not been taken in yet.
pub(super) async fn undelivered(tx: &mut Tx, id: &str) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!("select body from public.sandbox_events where id = $1 and delivered_at is null", id)
        .fetch_optional(tx.conn())
        .await
}

/// Counts a delivery; a 2xx ends it.
pub(super) async fn count_delivery(ctx: &Ctx, tx: &mut Tx, id: &str, status: Option<u16>) -> Result<(), DatabaseError> {
    let taken = status.is_some_and(|status| (200..300).contains(&status));
    sqlx::query!(
        r#"update public.sandbox_events
              set attempts = attempts + 1, last_status = $2, delivered_at = case when $3 then $4::timestamptz end
            where id = $1 and delivered_at is null"#,
        id,
        status.and_then(|status| i16::try_from(status).ok()),
        taken,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
