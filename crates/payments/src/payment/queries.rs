//! The SQL of payments.

use kernel::{Ctx, PaymentId, UserId, Yen};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{NewPayment, Payment, PaymentStatus, PaymentView};
use crate::providers::code::ProviderCode;
use crate::providers::snapshot::Voucher;
use crate::purpose::Purpose;

/// Inserts a payment; false when the purpose has one already.
pub(super) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    id: PaymentId,
    new: &NewPayment,
    expires_at: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.payments
             (id, purpose, reference_id, buyer_id, amount_jpy, status, description, success_url, cancel_url, locale,
              expires_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11, $11)
           on conflict (purpose, reference_id) do nothing"#,
        id as PaymentId,
        new.purpose.as_str(),
        new.reference_id,
        new.buyer_id as UserId,
        new.amount.get(),
        new.description.trim(),
        new.success_url.as_str(),
        new.cancel_url.as_str(),
        ctx.locale.tag(),
        expires_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Money that has arrived, as it is known from a provider.
pub(crate) struct Arrived<'a> {
    pub(crate) id: PaymentId,
    pub(crate) purpose: Purpose,
    pub(crate) reference_id: Uuid,
    pub(crate) buyer_id: Option<UserId>,
    pub(crate) amount: Yen,
    pub(crate) description: &'a str,
    /// Where its buyer would go: a payment that has arrived has no page.
    pub(crate) home_url: &'a str,
    pub(crate) captured_at: OffsetDateTime,
}

/// Records money that has arrived as a captured payment; false when the purpose has a payment already.
pub(crate) async fn insert_arrived(ctx: &Ctx, tx: &mut Tx, arrived: &Arrived<'_>) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.payments
             (id, purpose, reference_id, buyer_id, amount_jpy, status, description, success_url, cancel_url, locale,
              expires_at, captured_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, 'captured', $6, $7, $7, $8, $9, $10, $9, $9)
           on conflict do nothing"#,
        arrived.id as PaymentId,
        arrived.purpose.as_str(),
        arrived.reference_id,
        arrived.buyer_id as Option<UserId>,
        arrived.amount.get(),
        arrived.description,
        arrived.home_url,
        ctx.locale.tag(),
        ctx.now(),
        arrived.captured_at,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The payment, which nobody else can change until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: PaymentId) -> Result<Option<Payment>, DatabaseError> {
    sqlx::query_as!(
        Payment,
        r#"select id as "id: PaymentId", purpose as "purpose: Purpose", reference_id, buyer_id as "buyer_id: UserId",
                  amount_jpy as "amount: Yen", refunded_jpy as "refunded: Yen", status as "status: PaymentStatus",
                  description, success_url, cancel_url, locale, expires_at
             from public.payments where id = $1 for update"#,
        id as PaymentId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The payment of a purpose.
pub(crate) async fn id_for(
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

/// What the buyer may know; under row level security only the own.
pub(super) async fn view(
    tx: &mut Tx,
    purpose: Purpose,
    reference_id: Uuid,
) -> Result<Option<PaymentView>, DatabaseError> {
    let row = sqlx::query!(
        r#"select p.id as "id: PaymentId", p.status as "status: PaymentStatus", p.amount_jpy as "amount: Yen",
                  p.refunded_jpy as "refunded: Yen", pr.code as "provider: ProviderCode",
                  pr.display_name as provider_name, a.checkout_url as "checkout_url?",
                  a.last_failure_code as "last_failure_code?", p.expires_at, p.captured_at,
                  a.voucher_url as "voucher_url?", a.voucher_expires_at as "voucher_expires_at?"
             from public.payments as p
             cross join lateral (
               select provider_id, checkout_url, last_failure_code, voucher_expires_at,
                      case when state = 'voucher_issued' then voucher_url end as voucher_url
                 from public.payment_attempts where payment_id = p.id
                order by (state = 'captured') desc, (state in ('voucher_issued', 'processing', 'authorized')) desc,
                         (state in ('open', 'opening')) desc, created_at desc, id limit 1) as a
             join public.payment_providers as pr on pr.id = a.provider_id
            where p.purpose = $1 and p.reference_id = $2"#,
        purpose.as_str(),
        reference_id,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| PaymentView {
        id: row.id,
        status: row.status,
        amount: row.amount,
        refunded: row.refunded,
        provider: row.provider,
        provider_name: row.provider_name,
        checkout_url: row.checkout_url,
        last_failure_code: row.last_failure_code,
        expires_at: row.expires_at,
        captured_at: row.captured_at,
        voucher: row.voucher_url.map(|url| Voucher { url, expires_at: row.voucher_expires_at }),
    }))
}

/// Moves a payment on; the time of capture is set once.
pub(crate) async fn set_status(
    ctx: &Ctx,
    tx: &mut Tx,
    id: PaymentId,
    status: PaymentStatus,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.payments
              set status = $2, updated_at = $4,
                  captured_at = case when $3 then coalesce(captured_at, $4::timestamptz) end
            where id = $1"#,
        id as PaymentId,
        status.as_str(),
        status.has_money(),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Lets the offer of a payment end later.
pub(crate) async fn extend(ctx: &Ctx, tx: &mut Tx, id: PaymentId, until: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.payments set expires_at = greatest(expires_at, $2), updated_at = $3 where id = $1",
        id as PaymentId,
        until,
        ctx.now(),
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
