//! Settle an order whose payment is captured.

use kernel::OrderId;
use platform::jobs::{JobError, JobRun};
use serde_json::json;

use super::fulfil::{FulfilError, fulfil};
use super::model::{Order, SettleOrder};
use super::queries;
use super::refuse::refuse;
use crate::state::Orders;
use crate::stock::model::StockError;

/// Fulfils the order, or refunds it when its goods are no longer available.
pub(super) async fn run(orders: Orders, run: JobRun<SettleOrder>) -> Result<(), JobError> {
    let notice = &run.job.0;
    let order_id = OrderId(notice.reference_id);
    let mut tx = run.begin().await?;
    let order = queries::lock_order(&mut tx, order_id).await?;
    let Some(order) = order else {
        return Err(JobError::give_up(anyhow::anyhow!("a payment for an order that does not exist: {order_id}")));
    };
    if !order.awaits_money() {
        run.finish(&mut tx, &json!({"repeated": true})).await?;
        return Ok(tx.commit().await?);
    }
    match fulfil(&run.ctx, &mut tx, &run.app, &order, Some(notice)).await {
        Ok(()) => {
            run.finish(&mut tx, &json!({"sold": true})).await?;
            Ok(tx.commit().await?)
        }
        Err(FulfilError::Stock(StockError::Unavailable)) => {
            // Lines that could be sold are undone with the rest: an order is delivered whole or not at all.
            tx.rollback().await?;
            let mut tx = run.begin().await?;
            let order = queries::lock_order(&mut tx, order_id).await?;
            if let Some(order) = order.filter(Order::awaits_money) {
                refuse(&orders, &run.ctx, &mut tx, &order, notice.payment_id).await?;
            }
            run.finish(&mut tx, &json!({"sold": false})).await?;
            Ok(tx.commit().await?)
        }
        Err(error) => Err(error.into()),
    }
}
