//! Refund an order that was paid when its goods were no longer available.

use identity::users::account;
use kernel::{Ctx, PaymentId};
use payments::PaymentError;
use payments::refunds::{RefundExtent, RefundReason, RefundRequest};
use platform::{Tx, audit};
use serde_json::json;

use super::items::item_ids;
use super::mails::{self, Ending};
use super::model::Order;
use super::queries;
use crate::state::Orders;
use crate::stock::release::release;

/// Releases the stock, asks for a refund of everything, and notifies the buyer.
pub(super) async fn refuse(
    orders: &Orders,
    ctx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    payment_id: PaymentId,
) -> Result<(), PaymentError> {
    let items = item_ids(tx, order.id).await?;
    release(ctx, orders.app(), tx, &items).await?;
    queries::mark_unfulfillable(ctx, tx, order.id).await?;
    let (reason, extent) = (RefundReason::Unfulfillable, RefundExtent::Whole);
    let request = RefundRequest { payment_id, reason, extent, key: "unfulfillable".to_owned() };
    let refund_id = orders.payments().request_refund(ctx, tx, &request).await?;
    if let Some(buyer) = account(tx, order.buyer_id).await? {
        mails::ended(ctx, tx, orders.app(), order, &buyer, Ending::Unfulfillable).await?;
    }
    let diff = json!({"refundId": refund_id});
    audit::record(ctx, tx, "orders.refuse", "order", Some(order.id.uuid()), &diff).await?;
    Ok(())
}
