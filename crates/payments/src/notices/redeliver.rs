//! News that got lost: the job that carried it died, and its effect never came.

use kernel::{Ctx, PaymentId, Yen};
use platform::Tx;
use platform::jobs::Enqueue;

use super::{News, PaymentNotice};
use crate::intents::{PaymentStatus, queries};
use crate::{PaymentError, Payments};

impl Payments {
    /// Tells the purpose's owner once more what became of a payment. Nothing while nothing has, or while such a
    /// repetition is still on its way; the owner's work bears being told twice.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`], [`PaymentError::NoRoute`].
    pub async fn tell_again(&self, ctx: &Ctx, tx: &mut Tx, payment_id: PaymentId) -> Result<(), PaymentError> {
        let payment = queries::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
        let (news, refunded) = match payment.status {
            PaymentStatus::Pending | PaymentStatus::Authorized => return Ok(()),
            PaymentStatus::Captured | PaymentStatus::PartiallyRefunded => (News::Settled, Yen::ZERO),
            PaymentStatus::Refunded => (News::Refunded, payment.refunded),
            PaymentStatus::Failed | PaymentStatus::Expired => (News::Lapsed, Yen::ZERO),
        };
        let notice = PaymentNotice::about(&payment, refunded);
        let how = Enqueue { unique_key: Some(format!("again:{payment_id}")), ..Enqueue::default() };
        self.purposes().tell_with(ctx, tx, news, &notice, how).await
    }
}
