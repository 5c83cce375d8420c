//! Closing pages: a buyer gives up, an offer has ended, another attempt has paid.

use kernel::{Ctx, PaymentId, SystemReason};

use super::apply::{apply, end_unopened};
use super::model::AttemptState;
use super::queries;
use crate::error::PaymentError;
use crate::payment::model::PaymentStatus;
use crate::payment::queries as payments_table;
use crate::providers::error::ProviderError;
use crate::providers::provider::Provider;
use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState};
use crate::state::Payments;

impl Payments {
    /// Ends a payment that nobody wants to pay any more; *lapsed* follows, or *settled* when it was paid meanwhile. Money
    /// that is on its way cannot be called back: then nothing changes. Returns the payment's status.
    ///
    /// # Errors
    /// [`PaymentError::ProviderUnavailable`]: a page may still be open; the reconciler closes it in time.
    pub async fn cancel(&self, ctx: &Ctx, payment_id: PaymentId) -> Result<PaymentStatus, PaymentError> {
        let mut tx = self.app().db.begin_system(SystemReason::PlatformRules).await?;
        let payment = payments_table::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
        let attempts = queries::of_payment(&mut tx, payment_id).await?;
        if !payment.status.is_open() || attempts.iter().any(|one| one.state.is_on_its_way()) {
            return Ok(payment.status);
        }
        let mut status = payment.status;
        for unopened in attempts.iter().filter(|one| one.state == AttemptState::Opening) {
            status = end_unopened(self, ctx, &mut tx, unopened.id, &AttemptState::Cancelled, None).await?;
        }
        tx.commit().await?;
        for open in attempts.iter().filter(|one| matches!(one.state, AttemptState::Open { .. })) {
            let Some(session_id) = &open.session_id else { continue };
            let snapshot = close(&self.provider(open.provider)?, session_id).await?;
            let mut tx = self.app().db.begin_system(SystemReason::PlatformRules).await?;
            status = apply(self, ctx, &mut tx, open.id, &snapshot).await?;
            tx.commit().await?;
        }
        Ok(status)
    }
}

/// Closes a page, or says how the checkout is when it cannot be closed any more.
pub(crate) async fn close(provider: &Provider, session_id: &str) -> Result<CheckoutSnapshot, ProviderError> {
    let checkout = provider.fetch_checkout(session_id).await?;
    match checkout.state {
        CheckoutState::Open { .. }
        | CheckoutState::VoucherIssued(_)
        | CheckoutState::Processing
        | CheckoutState::Authorized => {}
        CheckoutState::Captured | CheckoutState::Expired | CheckoutState::Failed | CheckoutState::Unclear => {
            return Ok(checkout);
        }
    }
    match provider.close_checkout(&format!("close:{session_id}"), &checkout).await {
        Ok(snapshot) if !snapshot.state.is_open() => Ok(snapshot),
        Ok(_) | Err(ProviderError::Refused(_) | ProviderError::NeedsFreshKey(_)) => {
            provider.fetch_checkout(session_id).await
        }
        Err(error) => Err(error),
    }
}
