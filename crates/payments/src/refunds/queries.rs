//! The SQL of refunds.

use kernel::{Ctx, OrderItemId, PaymentId, RefundId, UserId, Yen};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use super::model::{Refund, RefundAttribution, RefundLines, RefundReason, RefundRequest, RefundStatus, refund_key};
use crate::payment::model::Payment;
use crate::providers::code::ProviderCode;

pub(super) async fn id_by_key(
    tx: &mut Tx,
    payment_id: PaymentId,
    key: &str,
) -> Result<Option<RefundId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: RefundId" from public.refunds where payment_id = $1 and request_key = $2"#,
        payment_id as PaymentId,
        key,
    )
    .fetch_optional(tx.conn())
    .await
}

/// What has gone back or is on its way or wanted.
pub(super) async fn promised(tx: &mut Tx, payment_id: PaymentId) -> Result<Yen, DatabaseError> {
    let sum = sqlx::query_scalar!(
        r#"select coalesce(sum(amount_jpy), 0)::bigint as "sum!" from public.refunds
            where payment_id = $1 and status <> 'failed'"#,
        payment_id as PaymentId,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Yen(sum))
}

pub(super) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    id: RefundId,
    payment: &Payment,
    provider: ProviderCode,
    request: &RefundRequest,
    amount: Yen,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.refunds
             (id, payment_id, provider_id, buyer_id, amount_jpy, reason, request_key, status, idempotency_key,
              next_check_at, created_at, updated_at)
           select $1, $2, pr.id, $4, $5, $6, $7, 'requested', $8, $9, $10, $10
             from public.payment_providers as pr where pr.code = $3"#,
        id as RefundId,
        payment.id as PaymentId,
        provider.as_str(),
        payment.buyer_id as Option<UserId>,
        amount.get(),
        request.reason.as_str(),
        request.key,
        refund_key(id, 1),
        ctx.now() + time::Duration::minutes(10),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes the lines of a refund, in the place of those that it had.
pub(super) async fn set_lines(
    ctx: &Ctx,
    tx: &mut Tx,
    id: RefundId,
    revision: i32,
    attribution: RefundAttribution,
    lines: &[(OrderItemId, Yen)],
) -> Result<(), DatabaseError> {
    let items: Vec<uuid::Uuid> = lines.iter().map(|(item, _)| item.uuid()).collect();
    let amounts: Vec<i64> = lines.iter().map(|(_, amount)| amount.get()).collect();
    sqlx::query!(
        r#"insert into public.refund_lines (refund_id, revision, order_item_id, amount_jpy)
           select $1, $2, * from unnest($3::uuid[], $4::bigint[])"#,
        id as RefundId,
        revision,
        &items,
        &amounts,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update public.refunds set revision = $2, attribution = $3, updated_at = $4 where id = $1",
        id as RefundId,
        revision,
        attribution.as_str(),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The lines of a refund as they hold now.
pub(super) async fn lines(tx: &mut Tx, id: RefundId) -> Result<Vec<(OrderItemId, Yen)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select l.order_item_id as "item: OrderItemId", l.amount_jpy as "amount: Yen"
             from public.refund_lines as l
             join public.refunds as r on r.id = l.refund_id and r.revision = l.revision
            where l.refund_id = $1 order by l.order_item_id"#,
        id as RefundId,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.item, row.amount)).collect())
}

/// The refunds of a payment that have succeeded, oldest first.
pub(super) async fn succeeded_of(tx: &mut Tx, payment_id: PaymentId) -> Result<Vec<RefundLines>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select r.id as "id: RefundId", r.reason as "reason: RefundReason", r.amount_jpy as "amount: Yen",
                  l.order_item_id as "item?: OrderItemId", l.amount_jpy as "part?: Yen"
             from public.refunds as r
             left join public.refund_lines as l on l.refund_id = r.id and l.revision = r.revision
            where r.payment_id = $1 and r.status = 'succeeded'
            order by r.settled_at, r.id, l.order_item_id"#,
        payment_id as PaymentId,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut refunds: Vec<RefundLines> = Vec::new();
    for row in rows {
        if refunds.last().is_none_or(|last| last.refund_id != row.id) {
            refunds.push(RefundLines { refund_id: row.id, reason: row.reason, amount: row.amount, lines: Vec::new() });
        }
        if let (Some(last), Some(item), Some(part)) = (refunds.last_mut(), row.item, row.part) {
            last.lines.push((item, part).into());
        }
    }
    Ok(refunds)
}

/// A refund that was made at the provider's console; false when it is recorded already.
pub(super) async fn insert_foreign(
    ctx: &Ctx,
    tx: &mut Tx,
    id: RefundId,
    payment: &Payment,
    provider: ProviderCode,
    provider_refund_id: &str,
    amount: Yen,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.refunds
             (id, payment_id, provider_id, buyer_id, amount_jpy, reason, request_key, status, provider_refund_id,
              idempotency_key, created_at, updated_at)
           select $1, $2, pr.id, $4, $5, 'made_at_provider', $6, 'pending', $6, $7, $8, $8
             from public.payment_providers as pr where pr.code = $3
           on conflict do nothing"#,
        id as RefundId,
        payment.id as PaymentId,
        provider.as_str(),
        payment.buyer_id as Option<UserId>,
        amount.get(),
        provider_refund_id,
        refund_key(id, 0),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The refund, which nobody else can change until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: RefundId) -> Result<Option<Refund>, DatabaseError> {
    sqlx::query_as!(
        Refund,
        r#"select id as "id: RefundId", payment_id as "payment_id: PaymentId", amount_jpy as "amount: Yen",
                  reason as "reason: RefundReason", status as "status: RefundStatus",
                  idempotency_key, generation, attempts, revision
             from public.refunds where id = $1 for update"#,
        id as RefundId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The payment that a refund belongs to.
pub(crate) async fn payment_of(tx: &mut Tx, id: RefundId) -> Result<Option<PaymentId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select payment_id as "payment_id: PaymentId" from public.refunds where id = $1"#,
        id as RefundId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Our id of a refund that a provider names.
pub(super) async fn id_at_provider(
    tx: &mut Tx,
    provider: ProviderCode,
    provider_refund_id: &str,
) -> Result<Option<RefundId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select r.id as "id: RefundId" from public.refunds as r
             join public.payment_providers as pr on pr.id = r.provider_id
            where pr.code = $1 and r.provider_refund_id = $2"#,
        provider.as_str(),
        provider_refund_id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Counts an attempt before the call, and says when to ask again if no event comes.
pub(super) async fn count_attempt(
    ctx: &Ctx,
    tx: &mut Tx,
    id: RefundId,
    next_check_at: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.refunds set attempts = attempts + 1, next_check_at = $2, updated_at = $3 where id = $1",
        id as RefundId,
        next_check_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Stores a fresh key.
pub(super) async fn renew_key(ctx: &Ctx, tx: &mut Tx, id: RefundId, generation: i32) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.refunds set generation = $2, idempotency_key = $3, updated_at = $4 where id = $1",
        id as RefundId,
        generation,
        refund_key(id, generation),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Where the refund stands now.
pub(super) async fn settle(
    ctx: &Ctx,
    tx: &mut Tx,
    id: RefundId,
    status: RefundStatus,
    provider_refund_id: Option<&str>,
    failure_code: Option<&str>,
    next_check_at: Option<OffsetDateTime>,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.refunds
              set status = $2, provider_refund_id = coalesce(provider_refund_id, $3),
                  last_failure_code = coalesce($4, last_failure_code), next_check_at = $5,
                  settled_at = case when $2 in ('succeeded', 'failed') then $6::timestamptz end, updated_at = $6
            where id = $1"#,
        id as RefundId,
        status.as_str(),
        provider_refund_id,
        failure_code,
        next_check_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// As [`promised`], without the refund that the provider names.
pub(super) async fn promised_elsewhere(
    tx: &mut Tx,
    payment_id: PaymentId,
    provider_refund_id: &str,
) -> Result<Yen, DatabaseError> {
    let sum = sqlx::query_scalar!(
        r#"select coalesce(sum(amount_jpy), 0)::bigint as "sum!" from public.refunds
            where payment_id = $1 and status <> 'failed' and provider_refund_id is distinct from $2"#,
        payment_id as PaymentId,
        provider_refund_id,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Yen(sum))
}
