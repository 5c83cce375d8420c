//! Closes the payment of an order that nobody wants to be paid any more. What follows, payments tells.

use kernel::{OrderId, SystemReason};
use payments::{PaymentError, PaymentStatus, Purpose, find_for};
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};

use super::lapse::lapse;
use crate::Orders;

/// Closes the payment of an order.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CloseOrder {
    /// The order.
    pub order_id: OrderId,
}

impl Job for CloseOrder {
    const NAME: &'static str = "orders.close_order";
    const MAX_ATTEMPTS: i32 = 20;
}

pub(super) async fn run(orders: Orders, run: JobRun<CloseOrder>) -> Result<(), JobError> {
    let mut tx = run.app.db.begin_system(SystemReason::Job).await?;
    let payment = find_for(&mut tx, Purpose::Order, run.job.order_id.uuid()).await?;
    tx.commit().await?;
    match payment {
        // Money on its way (a convenience store slip) cannot be called back; it is returned when it arrives.
        Some(payment) if payment.status == PaymentStatus::Pending => {
            match orders.payments().cancel(&run.ctx, payment.id).await {
                Ok(_) | Err(PaymentError::AlreadyPaid | PaymentError::Lapsed) => Ok(()),
                Err(error) => Err(error.into()),
            }
        }
        Some(payment) if matches!(payment.status, PaymentStatus::Failed | PaymentStatus::Expired) => {
            // The news of it was lost, or is on its way; both end alike.
            let mut tx = run.begin().await?;
            lapse(&run.ctx, &mut tx, run.job.order_id).await?;
            Ok(tx.commit().await?)
        }
        _ => Ok(()),
    }
}
