//! Close the payment of an order that is not to be paid any more. Payments then says what became of it.

use kernel::SystemReason;
use payments::{PaymentError, PaymentStatus, Purpose, find_for};
use platform::jobs::{JobError, JobRun};

use super::lapse::lapse;
use super::model::CloseOrder;
use crate::state::Orders;

pub(super) async fn run(orders: Orders, run: JobRun<CloseOrder>) -> Result<(), JobError> {
    let mut tx = run.app.db.begin_system(SystemReason::Job).await?;
    let payment = find_for(&mut tx, Purpose::Order, run.job.order_id.uuid()).await?;
    tx.commit().await?;
    match payment {
        // A payment in progress (a convenience store slip) cannot be cancelled; it is refunded when it arrives.
        Some(payment) if payment.status == PaymentStatus::Pending => {
            match orders.payments().cancel(&run.ctx, payment.id).await {
                Ok(_) | Err(PaymentError::AlreadyPaid | PaymentError::Lapsed) => Ok(()),
                Err(error) => Err(error.into()),
            }
        }
        Some(payment) if matches!(payment.status, PaymentStatus::Failed | PaymentStatus::Expired) => {
            // The notice of it was lost or is still queued; both end alike.
            let mut tx = run.begin().await?;
            lapse(&run.ctx, &run.app, &mut tx, run.job.order_id).await?;
            Ok(tx.commit().await?)
        }
        _ => Ok(()),
    }
}
