//! The SQL of purchases of packs.

use kernel::{Ctx, PaymentId, Tokens, UserId, Yen};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use super::model::{PackPurchase, PackState};
use crate::ids::PackPurchaseId;

pub(super) async fn insert(ctx: &Ctx, tx: &mut Tx, purchase: &PackPurchase) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.pack_purchases (id, user_id, pack_id, tokens_milli, price_yen, state, created_at, updated_at)
           values ($1, $2, $3, $4, $5, 'open', $6, $6)"#,
        purchase.id as PackPurchaseId,
        purchase.user_id as UserId,
        purchase.pack_id,
        purchase.tokens as Tokens,
        purchase.price as Yen,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A purchase, held until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, id: PackPurchaseId) -> Result<Option<PackPurchase>, DatabaseError> {
    sqlx::query_as!(
        PackPurchase,
        r#"select id as "id: PackPurchaseId", user_id as "user_id: UserId", pack_id, tokens_milli as "tokens: Tokens",
                  price_yen as "price: Yen", state as "state: PackState", payment_id as "payment_id: PaymentId", created_at
             from public.pack_purchases where id = $1 for update"#,
        id as PackPurchaseId,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn set_state(
    ctx: &Ctx,
    tx: &mut Tx,
    id: PackPurchaseId,
    state: PackState,
    payment_id: Option<PaymentId>,
) -> Result<(), DatabaseError> {
    let paid_at: Option<OffsetDateTime> = (state == PackState::Paid).then(|| ctx.now());
    sqlx::query!(
        r#"update public.pack_purchases
              set state = $2, payment_id = coalesce($3, payment_id), paid_at = coalesce(paid_at, $4), updated_at = $5
            where id = $1"#,
        id as PackPurchaseId,
        state as PackState,
        payment_id as Option<PaymentId>,
        paid_at,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
