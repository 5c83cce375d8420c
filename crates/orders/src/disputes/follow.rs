//! Follow what became of a dispute.

use kernel::OrderId;
use payments::DisputeNotice;
use platform::audit;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::queries;

/// A dispute of an order's payment was raised, has changed or has ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderDisputed(pub DisputeNotice);

impl Job for OrderDisputed {
    const NAME: &'static str = "orders.order_disputed";
    const MAX_ATTEMPTS: i32 = 40;
}

impl From<DisputeNotice> for OrderDisputed {
    fn from(notice: DisputeNotice) -> Self {
        Self(notice)
    }
}

/// Revokes the entitlements of the order, or restores them, as its disputes stand now.
pub(super) async fn follow(run: JobRun<OrderDisputed>) -> Result<(), JobError> {
    let id = OrderId(run.job.0.payment.reference_id);
    let mut tx = run.begin().await?;
    let changed = match queries::lock_paid_order(&mut tx, id).await? {
        None => 0,
        Some(order) if order.lost_a_dispute => queries::revoke(&mut tx, id, run.ctx.now()).await?,
        Some(_) => queries::restore(&mut tx, id).await?,
    };
    if changed > 0 {
        let diff = json!({"payment": run.job.0.payment.payment_id, "entitlements": changed});
        audit::record(&run.ctx, &mut tx, "orders.follow_dispute", "order", Some(id.uuid()), &diff).await?;
    }
    run.finish(&mut tx, &json!({"changed": changed})).await?;
    Ok(tx.commit().await?)
}
