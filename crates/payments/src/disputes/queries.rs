//! The SQL of disputes.

use kernel::{Ctx, PaymentId, Yen};
use platform::{DatabaseError, Tx};
use uuid::Uuid;

use super::model::{DisputeState, DisputeUpdate};
use crate::intents::model::Payment;

/// A dispute as the platform knows it.
pub(super) struct Known {
    pub id: Uuid,
    pub state: DisputeState,
    pub held: Yen,
}

/// Records a dispute of a payment that the caller has locked, unless it is known, and gives it as it stands.
pub(super) async fn record(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    update: &DisputeUpdate,
) -> Result<Known, DatabaseError> {
    sqlx::query!(
        r#"insert into public.disputes
             (id, payment_id, buyer_id, provider_dispute_id, amount_jpy, state, created_at, updated_at)
           values ($1, $2, $3, $4, $5, 'raised', $6, $6)
           on conflict (payment_id, provider_dispute_id) do nothing"#,
        ctx.random().uuid_v4(),
        payment.id as PaymentId,
        payment.buyer_id as Option<kernel::UserId>,
        update.provider_dispute_id,
        update.amount.get(),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    sqlx::query_as!(
        Known,
        r#"select id, state as "state: DisputeState", held_jpy as "held: Yen" from public.disputes
            where payment_id = $1 and provider_dispute_id = $2 for update"#,
        payment.id as PaymentId,
        update.provider_dispute_id,
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
