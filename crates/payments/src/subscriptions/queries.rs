//! The SQL of invoices that became payments.

use kernel::{Ctx, PaymentId, UserId, Yen};
use platform::{DatabaseError, Tx};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

/// A collected invoice.
pub(super) struct Collected<'a> {
    pub id: PaymentId,
    pub reference_id: Uuid,
    pub buyer_id: Option<UserId>,
    pub provider: &'a str,
    pub intent_id: Option<&'a str>,
    pub amount: Yen,
    pub description: &'a str,
    pub home_url: &'a str,
    /// The invoice, which is collected once.
    pub idempotency_key: &'a str,
    pub captured_at: OffsetDateTime,
    pub next_check_at: Option<OffsetDateTime>,
    pub facts: Value,
}

/// Records a collected invoice as a captured payment; false when anything of it is recorded already.
pub(super) async fn insert(ctx: &Ctx, tx: &mut Tx, collected: &Collected<'_>) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.payments
             (id, purpose, reference_id, buyer_id, provider_id, provider_txn_id, amount_jpy, status, description,
              success_url, cancel_url, locale, idempotency_key, raw_payload, expires_at, captured_at, next_check_at,
              created_at, updated_at)
           select $1, 'subscription', $2, $3, pr.id, $5, $6, 'captured', $7, $8, $8, $9, $10, $11, $12, $13, $14, $12, $12
             from public.payment_providers as pr where pr.code = $4
           on conflict do nothing"#,
        collected.id as PaymentId,
        collected.reference_id,
        collected.buyer_id as Option<UserId>,
        collected.provider,
        collected.intent_id,
        collected.amount.get(),
        collected.description,
        collected.home_url,
        ctx.locale.tag(),
        collected.idempotency_key,
        collected.facts,
        ctx.now(),
        collected.captured_at,
        collected.next_check_at,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What is recorded of an invoice.
pub(super) struct Recorded {
    pub id: PaymentId,
    pub reference_id: Uuid,
    pub amount: Yen,
}

/// The payment of an invoice.
pub(super) async fn find(tx: &mut Tx, idempotency_key: &str) -> Result<Option<Recorded>, DatabaseError> {
    sqlx::query_as!(
        Recorded,
        r#"select id as "id: PaymentId", reference_id, amount_jpy as "amount: Yen"
             from public.payments where idempotency_key = $1"#,
        idempotency_key,
    )
    .fetch_optional(tx.conn())
    .await
}
