//! An order whose payment will not come, or was refunded.

use identity::users::account;
use kernel::{Ctx, OrderId};
use payments::{PaymentError, PaymentStatus, Purpose, find_for};
use platform::jobs::{JobError, JobRun};
use platform::{App, Tx, audit};
use serde_json::json;

use super::items::item_ids;
use super::mails::{self, Ending};
use super::model::{LapseOrder, OrderRefunded};
use super::queries;
use crate::status::OrderStatus;
use crate::stock::release::release;

/// Ends an order that was not paid, and releases its stock. Nothing for an order that is not pending.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn lapse(ctx: &Ctx, app: &App, tx: &mut Tx, id: OrderId) -> Result<(), PaymentError> {
    let Some(order) = queries::lock_order(tx, id).await? else { return Ok(()) };
    if order.status != OrderStatus::Pending {
        return Ok(());
    }
    let items = item_ids(tx, id).await?;
    release(ctx, app, tx, &items).await?;
    let payment = find_for(tx, Purpose::Order, id.uuid()).await?;
    let failed = payment.is_some_and(|payment| payment.status == PaymentStatus::Failed);
    let status = match (order.cancelled_by_buyer, failed) {
        (true, _) => OrderStatus::Cancelled,
        (false, true) => OrderStatus::Failed,
        (false, false) => OrderStatus::Expired,
    };
    queries::mark_ended(ctx, tx, id, status).await?;
    audit::record(ctx, tx, "orders.lapse", "order", Some(id.uuid()), &json!({"status": status})).await?;
    Ok(())
}

/// Follows a payment that failed or expired.
pub(super) async fn run(run: JobRun<LapseOrder>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    lapse(&run.ctx, &run.app, &mut tx, OrderId(run.job.0.reference_id)).await?;
    run.finish(&mut tx, &json!({})).await?;
    Ok(tx.commit().await?)
}

/// Follows a refund. Only the refund of the whole price revokes the entitlements.
pub(super) async fn refunded(run: JobRun<OrderRefunded>) -> Result<(), JobError> {
    let id = OrderId(run.job.0.payment.reference_id);
    let mut tx = run.begin().await?;
    let order = queries::lock_order(&mut tx, id).await?;
    let payment = find_for(&mut tx, Purpose::Order, id.uuid()).await?;
    let whole = payment.is_some_and(|payment| payment.status == PaymentStatus::Refunded);
    if let Some(order) = order.filter(|order| whole && order.status != OrderStatus::Refunded) {
        let items = item_ids(&mut tx, id).await?;
        release(&run.ctx, &run.app, &mut tx, &items).await?;
        queries::mark_refunded(&run.ctx, &mut tx, id).await?;
        if let Some(buyer) = account(&mut tx, order.buyer_id).await? {
            mails::ended(&run.ctx, &mut tx, &run.app, &order, &buyer, Ending::Refunded).await?;
        }
        let diff = json!({"refundedYen": run.job.0.refunded_yen});
        audit::record(&run.ctx, &mut tx, "orders.refund", "order", Some(id.uuid()), &diff).await?;
    }
    run.finish(&mut tx, &json!({"whole": whole})).await?;
    Ok(tx.commit().await?)
}
