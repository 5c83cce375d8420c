//! The buyer gives up: the page is closed at the provider before anybody else may have the stock.

use kernel::{Ctx, PaymentId, SystemReason};

use super::apply::{apply, lapse_unopened};
use super::model::PaymentStatus;
use super::queries;
use crate::error::PaymentError;
use crate::providers::error::ProviderError;
use crate::providers::provider::Provider;
use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState};
use crate::state::Payments;

impl Payments {
    /// Ends a payment that nobody wants to pay any more; *lapsed* follows, or *settled* when it was paid meanwhile.
    /// Returns where the payment then stands.
    ///
    /// # Errors
    /// [`PaymentError::ProviderUnavailable`]: nothing has changed; the reconciler ends it in time.
    pub async fn cancel(&self, ctx: &Ctx, payment_id: PaymentId) -> Result<PaymentStatus, PaymentError> {
        let mut tx = self.app().db.begin_system(SystemReason::PlatformRules).await?;
        let payment = queries::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
        let (PaymentStatus::Pending, Some(session_id)) = (payment.status, &payment.session_id) else {
            lapse_unopened(self, ctx, &mut tx, payment_id).await?;
            let status = queries::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?.status;
            tx.commit().await?;
            return Ok(status);
        };
        tx.commit().await?;
        let snapshot = close(&self.provider(payment.provider)?, session_id).await?;
        let mut tx = self.app().db.begin_system(SystemReason::PlatformRules).await?;
        let status = apply(self, ctx, &mut tx, payment_id, &snapshot).await?;
        tx.commit().await?;
        Ok(status)
    }
}

/// Closes a page, or says how it stands when it is no longer open.
pub(crate) async fn close(provider: &Provider, session_id: &str) -> Result<CheckoutSnapshot, ProviderError> {
    match provider.expire_checkout(&format!("expire:{session_id}"), session_id).await {
        Ok(snapshot) if snapshot.state != CheckoutState::Open => Ok(snapshot),
        Ok(_) | Err(ProviderError::Refused(_) | ProviderError::NeedsFreshKey(_)) => {
            provider.fetch_checkout(session_id).await
        }
        Err(error) => Err(error),
    }
}
