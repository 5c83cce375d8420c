//! The rules applied to the ledger as it stands, in the caller's transaction.

use kernel::{Ctx, OrderItemId, PaymentId, RefundId, Yen};
use platform::Tx;

use super::model::{ItemState, Sale, attribute};
use super::{queries, rules};
use crate::accounts::model::ProviderName;
use crate::error::LedgerError;
use crate::transfers::model::{Draft, Posted};
use crate::transfers::post::{post, post_many};

/// Records a paid order. Idempotent by order; another body for the same order is refused.
///
/// # Errors
/// [`LedgerError::Empty`] for an order that cost nothing, [`LedgerError::KeyReused`], [`LedgerError::UnknownAccount`]
/// for an unknown seller or provider.
pub async fn record_sale(ctx: &Ctx, tx: &mut Tx, sale: &Sale) -> Result<Posted, LedgerError> {
    let posted = record_sales(ctx, tx, std::slice::from_ref(sale)).await?;
    posted.into_iter().next().ok_or(LedgerError::Malformed)
}

/// Records many paid orders in one statement; the answers come in the order of `sales`. Each is recorded as
/// [`record_sale`] does it. Call it late in the transaction: it locks the sellers' balances.
///
/// # Errors
/// As [`record_sale`], of the first sale that is refused: then nothing is recorded, and the transaction can only be
/// rolled back.
pub async fn record_sales(ctx: &Ctx, tx: &mut Tx, sales: &[Sale]) -> Result<Vec<Posted>, LedgerError> {
    if sales.iter().flat_map(|sale| &sale.lines).any(|line| line.price < Yen::ZERO) {
        return Err(LedgerError::Malformed);
    }
    let drafts: Vec<Draft> = sales.iter().map(rules::sale).collect();
    post_many(ctx, tx, &drafts).await
}

/// Records money that arrived for what cannot be delivered. Idempotent by payment.
///
/// # Errors
/// See [`LedgerError`].
pub async fn record_receipt(
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    provider: &ProviderName,
    amount: Yen,
) -> Result<Posted, LedgerError> {
    post(ctx, tx, &rules::receipt(payment_id, provider, amount)).await
}

/// Records what a provider kept of a payment, keyed by the provider's booking. A fee of zero posts nothing.
///
/// # Errors
/// See [`LedgerError`].
pub async fn record_fee(
    ctx: &Ctx,
    tx: &mut Tx,
    provider: &ProviderName,
    booking: &str,
    payment_id: PaymentId,
    fee: Yen,
) -> Result<Option<Posted>, LedgerError> {
    if fee.is_zero() {
        return Ok(None);
    }
    post(ctx, tx, &rules::provider_fee(provider, booking, payment_id, fee)).await.map(Some)
}

/// How much of what is given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundExtent {
    /// These amounts of these items.
    Lines(Vec<(OrderItemId, Yen)>),
    /// This much of the order, by the rule of [`attribute`](super::attribute).
    Amount(Yen),
}

/// Records a refund that has succeeded. Idempotent by refund. Refunds a sale where the payment has one, else a receipt.
///
/// # Errors
/// [`LedgerError::Exceeds`] when more would be given back than is left, [`LedgerError::NotSold`] for an item without a
/// sale.
pub async fn record_refund(
    ctx: &Ctx,
    tx: &mut Tx,
    refund_id: RefundId,
    payment_id: PaymentId,
    provider: &ProviderName,
    extent: &RefundExtent,
) -> Result<Posted, LedgerError> {
    if let Some(known) = queries::refund_posted(tx, refund_id).await? {
        return Ok(known);
    }
    let Some(order_id) = queries::order_of_payment(tx, payment_id).await? else {
        let amount = match extent {
            RefundExtent::Amount(amount) => *amount,
            RefundExtent::Lines(_) => return Err(LedgerError::NotSold),
        };
        return post(ctx, tx, &rules::receipt_refund(refund_id, payment_id, provider, amount)).await;
    };
    let items = queries::lock_items_of_order(tx, order_id).await?;
    let lines = match extent {
        RefundExtent::Amount(amount) => {
            if *amount > items.iter().map(|item| item.kept).sum::<Yen>() {
                return Err(LedgerError::Exceeds);
            }
            let lines = attribute(*amount, &items).lines;
            pick(items, &lines)?
        }
        RefundExtent::Lines(lines) => pick(items, lines)?,
    };
    post(ctx, tx, &rules::refund(refund_id, &lines)).await
}

pub(super) fn pick(items: Vec<ItemState>, lines: &[(OrderItemId, Yen)]) -> Result<Vec<(ItemState, Yen)>, LedgerError> {
    let mut picked: Vec<(ItemState, Yen)> = Vec::with_capacity(lines.len());
    for item in items {
        let wanted: Yen = lines.iter().filter(|(id, _)| *id == item.order_item_id).map(|(_, amount)| *amount).sum();
        if wanted < Yen::ZERO || wanted > item.kept {
            return Err(LedgerError::Exceeds);
        }
        if !wanted.is_zero() {
            picked.push((item, wanted));
        }
    }
    let known = |id: &OrderItemId| picked.iter().any(|(item, _)| item.order_item_id == *id);
    if lines.iter().any(|(id, amount)| !amount.is_zero() && !known(id)) {
        return Err(LedgerError::NotSold);
    }
    Ok(picked)
}

/// Lets the seller's part of an item be paid out from now on. Nothing when it is already, or when nothing is left.
///
/// # Errors
/// [`LedgerError::NotSold`] for an item without a sale.
pub async fn mature(ctx: &Ctx, tx: &mut Tx, order_item_id: OrderItemId) -> Result<Option<Posted>, LedgerError> {
    let item = queries::lock_item(tx, order_item_id).await?.ok_or(LedgerError::NotSold)?;
    if item.pending.is_zero() || queries::has_matured(tx, order_item_id).await? {
        return Ok(None);
    }
    post(ctx, tx, &rules::maturity(&item)).await.map(Some)
}
