//! The SQL of disputes.

use kernel::{Ctx, OrderItemId, PaymentId, Yen};
use platform::{DatabaseError, Tx};
use uuid::Uuid;

use super::model::{DisputeLines, DisputeReport, DisputeState};
use crate::payment::model::Payment;

/// A dispute as the platform knows it.
pub(super) struct Known {
    pub id: Uuid,
    pub state: DisputeState,
    pub held: Yen,
    /// Whether this report is the first of it.
    pub is_new: bool,
}

/// Records a dispute of a payment that the caller has locked, unless it is known, and gives it as it stands.
pub(super) async fn record(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    report: &DisputeReport,
) -> Result<Known, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.disputes
             (id, payment_id, buyer_id, provider_dispute_id, amount_jpy, reason, state, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $7, 'raised', $6, $6)
           on conflict (payment_id, provider_dispute_id) do nothing"#,
        ctx.random().uuid_v4(),
        payment.id as PaymentId,
        payment.buyer_id as Option<kernel::UserId>,
        report.provider_dispute_id,
        report.amount.get(),
        ctx.now(),
        report.reason,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query_as!(
        Known,
        r#"select id, state as "state: DisputeState", held_jpy as "held: Yen", $3::boolean as "is_new!"
             from public.disputes where payment_id = $1 and provider_dispute_id = $2 for update"#,
        payment.id as PaymentId,
        report.provider_dispute_id,
        done.rows_affected() == 1,
    )
    .fetch_one(tx.conn())
    .await
}

/// Whether the ledger holds money for another dispute of the payment.
pub(super) async fn holds_for_another(tx: &mut Tx, payment: PaymentId, id: Uuid) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.disputes
                           where payment_id = $1 and id <> $2 and state = 'withdrawn' and held_jpy > 0) as "exists!""#,
        payment as PaymentId,
        id,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn change(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Uuid,
    state: DisputeState,
    held: Yen,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.disputes
              set state = $2, held_jpy = $3, updated_at = $4, closed_at = case when $5 then $4::timestamptz end
            where id = $1"#,
        id,
        state.as_str(),
        held.get(),
        ctx.now(),
        state.is_decided(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes for which order items money of a dispute is held back; once.
pub(super) async fn set_lines(tx: &mut Tx, id: Uuid, lines: &[(OrderItemId, Yen)]) -> Result<(), DatabaseError> {
    let items: Vec<Uuid> = lines.iter().map(|(item, _)| item.uuid()).collect();
    let amounts: Vec<i64> = lines.iter().map(|(_, amount)| amount.get()).collect();
    sqlx::query!(
        r#"insert into public.dispute_lines (dispute_id, order_item_id, amount_jpy)
           select $1, * from unnest($2::uuid[], $3::bigint[])"#,
        id,
        &items,
        &amounts,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The disputes of a payment, oldest first.
pub(super) async fn of_payment(tx: &mut Tx, payment_id: PaymentId) -> Result<Vec<DisputeLines>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select d.id, d.state as "state: DisputeState", d.amount_jpy as "amount: Yen",
                  l.order_item_id as "item?: OrderItemId", l.amount_jpy as "part?: Yen"
             from public.disputes as d left join public.dispute_lines as l on l.dispute_id = d.id
            where d.payment_id = $1 order by d.created_at, d.id, l.order_item_id"#,
        payment_id as PaymentId,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut disputes: Vec<DisputeLines> = Vec::new();
    for row in rows {
        if disputes.last().is_none_or(|last| last.dispute_id != row.id) {
            disputes.push(DisputeLines { dispute_id: row.id, state: row.state, amount: row.amount, lines: Vec::new() });
        }
        if let (Some(last), Some(item), Some(part)) = (disputes.last_mut(), row.item, row.part) {
            last.lines.push((item, part).into());
        }
    }
    Ok(disputes)
}
