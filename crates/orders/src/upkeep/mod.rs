//! Upkeep, every minute: orders that were not paid in time are closed; payments that had no effect are announced again;
//! packages that are overdue are asked for again; sellers are notified of disputes. The database decides what is due, so
//! the job may be killed at any step.

pub(crate) mod notify_sellers;
pub(crate) mod queries;

use platform::jobs::{Enqueue, Job, JobError, JobRun, Registry, enqueue_with};
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::delivery::model::DeliverPackage;
use crate::delivery::queries as deliveries;
use crate::settlement::model::CloseOrder;
use crate::state::Orders;

/// How long after the end of a checkout session its provider may still report it.
const GRACE: Duration = Duration::minutes(5);
/// How late a package is asked for again; while its job is queued, that changes nothing.
const PACKAGE_LATE: Duration = Duration::minutes(15);

/// How long a payment may have no effect before it is announced again.
const SETTLEMENT_LATE: Duration = Duration::minutes(10);

/// Looks for what is due.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct LookAfterOrders {}

impl Job for LookAfterOrders {
    const NAME: &'static str = "orders.look_after_orders";
    const MAX_ATTEMPTS: i32 = 3;
}

pub(crate) fn registry(orders: &Orders) -> Registry {
    let orders = orders.clone();
    Registry::new()
        .on(move |run| look_after_orders(orders.clone(), run))
        .every(Duration::minutes(1), &LookAfterOrders {})
}

async fn look_after_orders(orders: Orders, run: JobRun<LookAfterOrders>) -> Result<(), JobError> {
    let now = run.ctx.now();
    let mut tx = run.begin().await?;
    for order_id in queries::unpaid_since(&mut tx, now - GRACE).await? {
        let how = Enqueue { unique_key: Some(order_id.to_string()), ..Enqueue::default() };
        enqueue_with(&run.ctx, &mut tx, &CloseOrder { order_id }, how).await?;
    }
    for payment_id in queries::payments_without_effect(&mut tx, now - SETTLEMENT_LATE).await? {
        orders.payments().redeliver(&run.ctx, &mut tx, payment_id).await?;
    }
    for (delivery_id, buyer_id) in deliveries::overdue(&mut tx, now - PACKAGE_LATE).await? {
        let how = Enqueue { unique_key: Some(delivery_id.to_string()), owner_id: Some(buyer_id), ..Enqueue::default() };
        enqueue_with(&run.ctx, &mut tx, &DeliverPackage { delivery_id }, how).await?;
    }
    notify_sellers::notify_sellers(&run.ctx, &mut tx).await?;
    Ok(tx.commit().await?)
}
