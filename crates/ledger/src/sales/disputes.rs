//! Disputes over whole payments: spread over what was sold, item by item.

use kernel::{Ctx, PaymentId, Yen};
use platform::Tx;

use super::model::spread;
use super::{queries, rules};
use crate::error::LedgerError;
use crate::transfers::post;

/// How a dispute ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeEnd {
    /// For the platform.
    Won,
    /// For the buyer.
    Lost,
}

/// Holds what a provider withdrew from a payment's sale, spread over its items as a refund would be, and freezes the
/// sellers' shares. Returns what is held: less than `amount` where some of it had gone back before, zero for a payment
/// that became no sale. Call it once a dispute.
///
/// # Errors
/// See [`LedgerError`].
pub async fn hold_disputed(
    ctx: &Ctx,
    tx: &mut Tx,
    dispute: &str,
    payment_id: PaymentId,
    amount: Yen,
) -> Result<Yen, LedgerError> {
    let Some(order_id) = queries::order_of_payment(tx, payment_id).await? else { return Ok(Yen::ZERO) };
    let items = queries::lock_items_of_order(tx, order_id).await?;
    let left: Vec<Yen> = items.iter().map(|item| item.kept).collect();
    let held = amount.min(left.iter().copied().sum());
    for (item, part) in items.iter().zip(spread(held, &left)) {
        if !part.is_zero() {
            post(ctx, tx, &rules::dispute_opened(dispute, item, part)).await?;
        }
    }
    Ok(held)
}

/// Ends a dispute for every item of the payment's sale of which it holds something.
///
/// # Errors
/// See [`LedgerError`].
pub async fn end_dispute(
    ctx: &Ctx,
    tx: &mut Tx,
    dispute: &str,
    payment_id: PaymentId,
    end: DisputeEnd,
) -> Result<(), LedgerError> {
    let Some(order_id) = queries::order_of_payment(tx, payment_id).await? else { return Ok(()) };
    for item in queries::lock_items_of_order(tx, order_id).await? {
        if item.disputed.is_zero() {
            continue;
        }
        let draft = match end {
            DisputeEnd::Won => {
                let has_matured = queries::has_matured(tx, item.order_item_id).await?;
                rules::dispute_won(dispute, &item, has_matured)
            }
            DisputeEnd::Lost => rules::dispute_lost(dispute, &item),
        };
        post(ctx, tx, &draft).await?;
    }
    Ok(())
}

/// Gives back what a dispute had taken when it was lost, where a bank reverses that. Nothing where nothing was lost.
///
/// # Errors
/// See [`LedgerError`].
pub async fn reverse_lost_dispute(
    ctx: &Ctx,
    tx: &mut Tx,
    dispute: &str,
    payment_id: PaymentId,
) -> Result<(), LedgerError> {
    let Some(order_id) = queries::order_of_payment(tx, payment_id).await? else { return Ok(()) };
    for item in queries::lock_items_of_order(tx, order_id).await? {
        let Some(lost) = queries::lost_by(tx, &rules::dispute_key(dispute, &item)).await? else { continue };
        let has_matured = queries::has_matured(tx, item.order_item_id).await?;
        post(ctx, tx, &rules::dispute_reversed(dispute, &item, &lost, has_matured)).await?;
    }
    Ok(())
}
