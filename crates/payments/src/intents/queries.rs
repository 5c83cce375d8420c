//! The SQL of payments.

use kernel::{Ctx, PaymentId, UserId, Yen};
use platform::{DatabaseError, Tx};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{NewPayment, Payment, PaymentStatus, PaymentView};
use crate::providers::code::ProviderCode;
use crate::providers::snapshot::Slip;
use crate::purpose::Purpose;

/// What a new row needs beyond the request.
pub(super) struct Opening<'a> {
    pub id: PaymentId,
    pub provider: ProviderCode,
    pub idempotency_key: &'a str,
    pub expires_at: OffsetDateTime,
    pub next_check_at: OffsetDateTime,
}

/// Inserts a payment; false when the purpose has one already.
pub(super) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    new: &NewPayment,
    opening: &Opening<'_>,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.payments
             (id, purpose, reference_id, buyer_id, provider_id, amount_jpy, status, description, success_url, cancel_url,
              locale, idempotency_key, expires_at, next_check_at, created_at, updated_at)
           select $1, $2, $3, $4, pr.id, $6, 'pending', $7, $8, $9, $10, $11, $12, $13, $14, $14
             from public.payment_providers as pr where pr.code = $5
           on conflict (purpose, reference_id) do nothing"#,
        opening.id as PaymentId,
        new.purpose.as_str(),
        new.reference_id,
        new.buyer_id as UserId,
        opening.provider.as_str(),
        new.amount.get(),
        new.description.trim(),
        new.success_url.as_str(),
        new.cancel_url.as_str(),
        ctx.locale.tag(),
        opening.idempotency_key,
        opening.expires_at,
        opening.next_check_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A payment that the provider has and we lost, as it is known from the provider.
pub(crate) struct Found<'a> {
    pub id: PaymentId,
    pub reference_id: Uuid,
    pub provider: ProviderCode,
    pub session_id: &'a str,
    pub intent_id: Option<&'a str>,
    pub amount: Yen,
    pub home_url: &'a str,
}

/// Records a found payment as captured; false when it is recorded already.
pub(crate) async fn insert_found(ctx: &Ctx, tx: &mut Tx, found: &Found<'_>) -> Result<bool, DatabaseError> {
    let key = super::model::checkout_key(found.id, 0);
    let done = sqlx::query!(
        r#"insert into public.payments
             (id, purpose, reference_id, provider_id, provider_session_id, provider_txn_id, amount_jpy, status,
              description, success_url, cancel_url, locale, idempotency_key, expires_at, captured_at, next_check_at,
              created_at, updated_at)
           select $1, 'orphan', $2, pr.id, $4, $5, $6, 'captured', 'unknown', $7, $7, 'ja', $8, $9, $9, $9, $9, $9
             from public.payment_providers as pr where pr.code = $3
           on conflict do nothing"#,
        found.id as PaymentId,
        found.reference_id,
        found.provider.as_str(),
        found.session_id,
        found.intent_id,
        found.amount.get(),
        found.home_url,
        key,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The payment, which nobody else can change until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: PaymentId) -> Result<Option<Payment>, DatabaseError> {
    sqlx::query_as!(
        Payment,
        r#"select p.id as "id: PaymentId", p.purpose as "purpose: Purpose", p.reference_id,
                  p.buyer_id as "buyer_id: UserId", pr.code as "provider: ProviderCode",
                  p.provider_session_id as session_id, p.provider_txn_id as intent_id, p.checkout_url,
                  p.amount_jpy as "amount: Yen", p.refunded_jpy as "refunded: Yen",
                  p.provider_fee_jpy as "provider_fee: Yen", p.status as "status: PaymentStatus",
                  p.description, p.success_url, p.cancel_url, p.locale, p.idempotency_key, p.generation,
                  p.expires_at, p.check_count
             from public.payments as p join public.payment_providers as pr on pr.id = p.provider_id
            where p.id = $1 for update of p"#,
        id as PaymentId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The payment of a purpose.
pub(super) async fn id_for(
    tx: &mut Tx,
    purpose: Purpose,
    reference_id: Uuid,
) -> Result<Option<PaymentId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: PaymentId" from public.payments where purpose = $1 and reference_id = $2"#,
        purpose.as_str(),
        reference_id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The payment behind a provider's session or payment, or with our own id from the provider's notes.
pub(crate) async fn id_at_provider(
    tx: &mut Tx,
    session_id: Option<&str>,
    intent_id: Option<&str>,
    noted: Option<PaymentId>,
) -> Result<Option<PaymentId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: PaymentId" from public.payments
            where provider_session_id = $1 or provider_txn_id = $2 or id = $3
            order by (provider_session_id is not distinct from $1) desc limit 1"#,
        session_id,
        intent_id,
        noted as Option<PaymentId>,
    )
    .fetch_optional(tx.conn())
    .await
}

/// What the buyer may know; under row level security only the own.
pub(super) async fn view(
    tx: &mut Tx,
    purpose: Purpose,
    reference_id: Uuid,
) -> Result<Option<PaymentView>, DatabaseError> {
    sqlx::query_as!(
        PaymentView,
        r#"select p.id as "id: PaymentId", p.status as "status: PaymentStatus", p.amount_jpy as "amount: Yen",
                  p.refunded_jpy as "refunded: Yen", pr.display_name as provider_name, p.checkout_url,
                  p.last_failure_code, p.expires_at, p.captured_at,
                  case when p.status = 'authorized' then p.slip_url end as slip_url, p.slip_expires_at
             from public.payments as p join public.payment_providers as pr on pr.id = p.provider_id
            where p.purpose = $1 and p.reference_id = $2"#,
        purpose.as_str(),
        reference_id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Stores a fresh key, and the end of the offer that goes with it.
pub(super) async fn renew_key(
    ctx: &Ctx,
    tx: &mut Tx,
    id: PaymentId,
    generation: i32,
    expires_at: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.payments set generation = $2, idempotency_key = $3, expires_at = $4, updated_at = $5 where id = $1",
        id as PaymentId,
        generation,
        super::model::checkout_key(id, generation),
        expires_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What a provider's word changes on a payment.
pub(super) struct Change<'a> {
    pub status: PaymentStatus,
    pub session_id: Option<&'a str>,
    pub intent_id: Option<&'a str>,
    pub checkout_url: Option<&'a str>,
    pub slip: Option<&'a Slip>,
    pub last_failure_code: Option<&'a str>,
    pub provider_fee: Option<Yen>,
    pub facts: Value,
    pub next_check_at: Option<OffsetDateTime>,
}

/// Writes a change. What was known stays where the change says nothing; the time of capture is set once.
pub(super) async fn change(ctx: &Ctx, tx: &mut Tx, id: PaymentId, change: &Change<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.payments
              set status = $2,
                  provider_session_id = coalesce(provider_session_id, $3),
                  provider_txn_id = coalesce(provider_txn_id, $4),
                  checkout_url = $5,
                  last_failure_code = coalesce($6, last_failure_code),
                  provider_fee_jpy = coalesce(provider_fee_jpy, $7),
                  raw_payload = raw_payload || $8,
                  next_check_at = $9,
                  captured_at = case when $2 in ('captured', 'partially_refunded', 'refunded')
                                     then coalesce(captured_at, $10) end,
                  slip_url = coalesce($11, slip_url), slip_expires_at = coalesce($12, slip_expires_at),
                  updated_at = $10
            where id = $1"#,
        id as PaymentId,
        change.status.as_str(),
        change.session_id,
        change.intent_id,
        change.checkout_url,
        change.last_failure_code,
        change.provider_fee.map(Yen::get),
        change.facts,
        change.next_check_at,
        ctx.now(),
        change.slip.map(|slip| slip.url.as_str()),
        change.slip.and_then(|slip| slip.expires_at),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds to what went back.
pub(crate) async fn add_refunded(
    ctx: &Ctx,
    tx: &mut Tx,
    id: PaymentId,
    amount: Yen,
    status: PaymentStatus,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.payments set refunded_jpy = refunded_jpy + $2, status = $3, updated_at = $4 where id = $1",
        id as PaymentId,
        amount.get(),
        status.as_str(),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes why an attempt to pay failed.
pub(super) async fn note_failure(ctx: &Ctx, tx: &mut Tx, id: PaymentId, code: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.payments set last_failure_code = $2, updated_at = $3 where id = $1 and status in ('pending', 'authorized')",
        id as PaymentId,
        code,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
