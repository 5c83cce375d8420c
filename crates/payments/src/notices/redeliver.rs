//! NoticeKind that got lost: the job that carried it died, and its effect never came.

use kernel::{Ctx, PaymentId, Yen};
use platform::Tx;
use platform::jobs::Enqueue;

use super::routes::{NoticeKind, PaymentNotice};
use crate::error::PaymentError;
use crate::intents::model::PaymentStatus;
use crate::intents::queries;
use crate::state::Payments;

impl Payments {
    /// Notifies the purpose's owner again of what became of a payment. Nothing while it is undecided, or while such a
    /// repetition is still queued; the owner's jobs may run twice.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`], [`PaymentError::NoRoute`].
    pub async fn redeliver(&self, ctx: &Ctx, tx: &mut Tx, payment_id: PaymentId) -> Result<(), PaymentError> {
        let payment = queries::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
        let (kind, refunded) = match payment.status {
            PaymentStatus::Pending | PaymentStatus::Authorized => return Ok(()),
            PaymentStatus::Captured | PaymentStatus::PartiallyRefunded => (NoticeKind::Settled, Yen::ZERO),
            PaymentStatus::Refunded => (NoticeKind::Refunded, payment.refunded),
            PaymentStatus::Failed | PaymentStatus::Expired => (NoticeKind::Lapsed, Yen::ZERO),
        };
        let notice = PaymentNotice::about(&payment, refunded);
        let how = Enqueue { unique_key: Some(format!("again:{payment_id}")), ..Enqueue::default() };
        self.purposes().notify_with(ctx, tx, kind, &notice, how).await
    }
}
