//! What time does: orders that nobody paid are closed; orders that were paid and heard nothing are told again; packages
//! that are overdue are asked for again; sellers learn of disputes. What stands in the database decides, so it may be killed at any step.

mod notify_sellers;
mod queries;

use platform::jobs::{Enqueue, Job, JobError, JobRun, Registry, enqueue_with};
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::Orders;
use crate::delivery::{DeliverPackage, queries as deliveries};
use crate::settlement::CloseOrder;

/// After its session has ended, a provider's own word on it is given this long.
const GRACE: Duration = Duration::minutes(5);
/// A package is asked for again when it is this late; while its job is open, that changes nothing.
const PACKAGE_LATE: Duration = Duration::minutes(15);

/// News of money that has had no effect for this long has lost its job.
const NEWS_LATE: Duration = Duration::minutes(10);

/// Looks for orders whose time is over, and for late packages.
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
    for payment_id in queries::unheard_since(&mut tx, now - NEWS_LATE).await? {
        orders.payments().redeliver(&run.ctx, &mut tx, payment_id).await?;
    }
    for (delivery_id, buyer_id) in deliveries::overdue(&mut tx, now - PACKAGE_LATE).await? {
        let how = Enqueue { unique_key: Some(delivery_id.to_string()), owner_id: Some(buyer_id), ..Enqueue::default() };
        enqueue_with(&run.ctx, &mut tx, &DeliverPackage { delivery_id }, how).await?;
    }
    notify_sellers::tell_sellers(&run.ctx, &mut tx).await?;
    Ok(tx.commit().await?)
}
