//! A refund that was made at a provider's console and attributed by rule is attributed anew by an operator.

use kernel::{Ctx, OrderItemId, PaymentId, RefundId, Yen};
use platform::Tx;

use super::model::{Attribution, ItemState, RefundEffect, attribute};
use super::use_cases::pick;
use super::{queries, rules};
use crate::error::LedgerError;
use crate::transfers::model::Posted;
use crate::transfers::post::post;

/// How an amount that went back would be attributed to the items of a payment's sale; nothing when the payment became no
/// sale. Locks the order until the transaction ends, so that the answer holds when the refund is recorded.
///
/// # Errors
/// [`LedgerError::Exceeds`] when more would be given back than is left.
pub async fn attribute_refund(
    tx: &mut Tx,
    payment_id: PaymentId,
    amount: Yen,
) -> Result<Option<Attribution>, LedgerError> {
    let Some(order_id) = queries::order_of_payment(tx, payment_id).await? else { return Ok(None) };
    let items = queries::lock_items_of_order(tx, order_id).await?;
    if amount > items.iter().map(|item| item.kept).sum::<Yen>() {
        return Err(LedgerError::Exceeds);
    }
    Ok(Some(attribute(amount, &items)))
}

/// Attributes a recorded refund of a sale to other items: what it took from sellers and platform is reversed and taken
/// anew, in one transfer. `revision` counts the corrections of a refund from 1 and makes each of them happen once.
/// Nothing is posted when nothing changes.
///
/// # Errors
/// [`LedgerError::NotSold`] when the refund is not on the ledger as one of a sale, [`LedgerError::Exceeds`] when the lines
/// do not sum to the refund or an item has less left.
pub async fn correct_refund(
    ctx: &Ctx,
    tx: &mut Tx,
    refund_id: RefundId,
    payment_id: PaymentId,
    revision: i32,
    lines: &[(OrderItemId, Yen)],
) -> Result<Option<Posted>, LedgerError> {
    let order_id = queries::order_of_payment(tx, payment_id).await?.ok_or(LedgerError::NotSold)?;
    let items = queries::lock_items_of_order(tx, order_id).await?;
    let effects = queries::effects_of_refund(tx, refund_id).await?;
    let refunded: Yen = effects.iter().map(|effect| effect.refunded).sum();
    if effects.is_empty() {
        return Err(LedgerError::NotSold);
    }
    if lines.iter().map(|(_, amount)| *amount).sum::<Yen>() != refunded {
        return Err(LedgerError::Exceeds);
    }
    let effect_on = |item: &ItemState| effects.iter().find(|effect| effect.order_item_id == item.order_item_id);
    let before: Vec<ItemState> = items.iter().map(|item| without(item, effect_on(item))).collect();
    let anew = pick(before, lines)?;
    let draft = rules::refund_correction(refund_id, revision, &items, &effects, &anew);
    if draft.legs.is_empty() {
        return Ok(None);
    }
    post(ctx, tx, &draft).await.map(Some)
}

/// The item as it would be without a refund's effect on it.
fn without(item: &ItemState, effect: Option<&RefundEffect>) -> ItemState {
    let Some(effect) = effect else { return item.clone() };
    ItemState {
        kept: item.kept + effect.refunded,
        pending: item.pending + effect.from_pending,
        matured: item.matured + effect.from_matured,
        platform: item.platform + effect.from_platform,
        ..item.clone()
    }
}
