//! Disputes over whole payments: spread over what was sold, item by item.

use kernel::{Ctx, PaymentId, Yen};
use platform::Tx;

use super::model::{Attribution, ItemState, attribute};
use super::{queries, rules};
use crate::error::LedgerError;
use crate::transfers::model::Draft;
use crate::transfers::post::post_many;

/// How a dispute ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeEnd {
    /// For the platform.
    Won,
    /// For the buyer.
    Lost,
}

/// Holds what a provider withdrew from a payment's sale, attributed to its items by the rule of
/// [`attribute`](super::attribute), and freezes the sellers' shares. Returns what is held of each item: less than `amount`
/// in all where some of it had gone back before, nothing for a payment that became no sale. Call it once a dispute.
///
/// # Errors
/// See [`LedgerError`].
pub async fn hold_disputed(
    ctx: &Ctx,
    tx: &mut Tx,
    dispute: &str,
    payment_id: PaymentId,
    amount: Yen,
) -> Result<Attribution, LedgerError> {
    let nothing = Attribution { lines: Vec::new(), is_certain: true };
    let Some(order_id) = queries::order_of_payment(tx, payment_id).await? else { return Ok(nothing) };
    let items = queries::lock_items_of_order(tx, order_id).await?;
    let held = attribute(amount.min(items.iter().map(|item| item.kept).sum()), &items);
    let of_item = |item: &ItemState| held.lines.iter().find(|(id, _)| *id == item.order_item_id).map(|(_, part)| *part);
    let drafts: Vec<Draft> =
        items.iter().filter_map(|item| of_item(item).map(|part| rules::dispute_opened(dispute, item, part))).collect();
    post_many(ctx, tx, &drafts).await?;
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
    let mut drafts = Vec::new();
    for item in queries::lock_items_of_order(tx, order_id).await?.iter().filter(|item| !item.disputed.is_zero()) {
        drafts.push(match end {
            DisputeEnd::Won => {
                let has_matured = queries::has_matured(tx, item.order_item_id).await?;
                rules::dispute_won(dispute, item, has_matured)
            }
            DisputeEnd::Lost => rules::dispute_lost(dispute, item),
        });
    }
    post_many(ctx, tx, &drafts).await?;
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
    let mut drafts = Vec::new();
    for item in queries::lock_items_of_order(tx, order_id).await? {
        let Some(lost) = queries::lost_by(tx, &rules::dispute_key(dispute, &item)).await? else { continue };
        let has_matured = queries::has_matured(tx, item.order_item_id).await?;
        drafts.push(rules::dispute_reversed(dispute, &item, &lost, has_matured));
    }
    post_many(ctx, tx, &drafts).await?;
    Ok(())
}
