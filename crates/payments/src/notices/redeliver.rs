//! Redelivery: the job that carried a notice died, and its effect never came.

use kernel::{Ctx, PaymentId};
use platform::Tx;
use platform::jobs::Enqueue;

use super::model::{NoticeKind, PaymentNotice, RefundNotice};
use crate::attempts::queries as attempts_table;
use crate::error::PaymentError;
use crate::payment::model::PaymentStatus;
use crate::payment::queries as payments_table;
use crate::refunds::attribute::succeeded_of;
use crate::state::Payments;

impl Payments {
    /// Notifies the purpose's owner again of what became of a payment. Nothing while it is undecided, or while such a
    /// repetition is still queued; the owner's jobs may run twice.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`], [`PaymentError::NoRoute`].
    pub async fn redeliver(&self, ctx: &Ctx, tx: &mut Tx, payment_id: PaymentId) -> Result<(), PaymentError> {
        let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
        let attempts = attempts_table::of_payment(tx, payment_id).await?;
        let captured = attempts.iter().find(|one| one.state.is_captured()).or_else(|| attempts.first());
        let provider = captured.map_or_else(|| self.default_provider(), |one| one.provider);
        let notice = PaymentNotice::about(&payment, provider);
        let again = |key: String| Enqueue { unique_key: Some(key), ..Enqueue::default() };
        let kind = match payment.status {
            PaymentStatus::Pending | PaymentStatus::VoucherIssued | PaymentStatus::Processing => return Ok(()),
            PaymentStatus::Failed | PaymentStatus::Expired => Some(NoticeKind::Lapsed),
            PaymentStatus::Captured | PaymentStatus::PartiallyRefunded => Some(NoticeKind::Settled),
            PaymentStatus::Refunded => None,
        };
        if let Some(kind) = kind {
            self.purposes().notify_with(ctx, tx, kind, &notice, again(format!("again:{payment_id}"))).await?;
        }
        for refund in succeeded_of(tx, payment_id).await? {
            let how = again(format!("again:{}", refund.refund_id));
            let notice = RefundNotice {
                payment: notice.clone(),
                refund_id: refund.refund_id,
                refunded_yen: refund.amount,
                reason: refund.reason,
                lines: refund.lines,
            };
            self.purposes().notify_refunded_with(ctx, tx, &notice, how).await?;
        }
        Ok(())
    }
}
