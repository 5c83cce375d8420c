//! Cancel an order that is not paid.

use kernel::{Ctx, OrderId, SystemReason, UserActor};
use payments::{PaymentStatus, Purpose, find_for};
use platform::Problem;

use super::queries;
use crate::settlement::lapse::lapse;
use crate::state::Orders;

/// Closes the payment at the provider, which ends the order and releases its stock. When the payment is captured at this
/// moment, the order is fulfilled instead.
///
/// # Errors
/// 404; 409 `order_not_pending`, or `processing` when a slip at a convenience store may still be paid; 503 when
/// the provider does not answer (the order then ends when its time is over).
pub async fn cancel_order(orders: &Orders, ctx: &Ctx, buyer: &UserActor, id: OrderId) -> Result<(), Problem> {
    let mut tx = orders.app().db.begin_as(ctx).await?;
    queries::order(&mut tx, buyer.user_id, id).await?.ok_or_else(Problem::not_found)?;
    let payment = find_for(&mut tx, Purpose::Order, id.uuid()).await?;
    tx.commit().await?;
    if payment.as_ref().is_some_and(|payment| payment.status.is_on_its_way()) {
        return Err(Problem::conflict("processing"));
    }
    let mut tx = orders.app().db.begin_system(SystemReason::PlatformRules).await?;
    if !queries::mark_cancelled(&mut tx, buyer.user_id, id, ctx.now()).await? {
        return Err(Problem::conflict("order_not_pending"));
    }
    if payment.is_none() {
        lapse(ctx, orders.app(), &mut tx, id).await?;
    }
    // The request may be repeated until the provider has confirmed it.
    tx.commit_repeatable().await?;
    if let Some(payment) = payment {
        orders.payments().cancel(ctx, payment.id).await?;
    }
    Ok(())
}
