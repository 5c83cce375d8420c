//! The money came for what is gone: it goes back by itself.

use identity::users::account;
use kernel::{Ctx, PaymentId};
use payments::PaymentError;
use payments::refunds::{RefundExtent, RefundReason, RefundRequest};
use platform::{Tx, audit};
use serde_json::json;

use super::facts::Order;
use super::{mails, queries};
use crate::{Orders, stock};

/// Asks for the whole refund, says so to the buyer, and holds no stock any more.
pub(super) async fn refuse(
    orders: &Orders,
    ctx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    payment_id: PaymentId,
) -> Result<(), PaymentError> {
    for item in queries::items(tx, order.id).await? {
        stock::release(ctx, tx, item.id).await?;
    }
    queries::mark_unfulfillable(ctx, tx, order.id).await?;
    let request = RefundRequest { payment_id, reason: RefundReason::Unfulfillable, extent: RefundExtent::Whole };
    let refund_id = orders.payments().request_refund(ctx, tx, &request).await?;
    if let Some(buyer) = account(tx, order.buyer_id).await? {
        mails::ended(ctx, tx, orders.app(), order, &buyer, mails::Ending::Unfulfillable).await?;
    }
    let diff = json!({"refundId": refund_id});
    audit::record(ctx, tx, "orders.refuse", "order", Some(order.id.uuid()), &diff).await?;
    Ok(())
}
