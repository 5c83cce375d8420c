//! What a provider is asked for.

use kernel::{Locale, PaymentId, RefundId, Yen};
use time::OffsetDateTime;

use super::note::{self, Notes};
use crate::attempts::ids::AttemptId;
use crate::purpose::Purpose;

/// A checkout that is to be opened.
#[derive(Clone, Debug)]
pub(crate) struct CheckoutRequest {
    /// The stored key: the same key, the same session.
    pub(crate) idempotency_key: String,
    /// The attempt.
    pub(crate) attempt_id: AttemptId,
    /// Its payment.
    pub(crate) payment_id: PaymentId,
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// What exactly it is for.
    pub(crate) reference_id: uuid::Uuid,
    /// How much.
    pub(crate) amount: Yen,
    /// What the buyer reads.
    pub(crate) description: String,
    /// Where the buyer goes after paying.
    pub(crate) success_url: String,
    /// Where the buyer goes when giving up.
    pub(crate) cancel_url: String,
    /// The language of the page.
    pub(crate) locale: Locale,
    /// When nobody can pay any more.
    pub(crate) expires_at: OffsetDateTime,
    /// Which installation asks; two that share an account at the provider tell their payments apart by it.
    pub(crate) installation: String,
}

impl CheckoutRequest {
    /// Our notes on the session and on its payment.
    pub(crate) fn notes(&self) -> Notes {
        Notes::from([
            (note::INSTALLATION.to_owned(), self.installation.clone()),
            (note::PAYMENT.to_owned(), self.payment_id.to_string()),
            (note::ATTEMPT.to_owned(), self.attempt_id.to_string()),
            (note::PURPOSE.to_owned(), self.purpose.as_str().to_owned()),
            (note::REFERENCE.to_owned(), self.reference_id.to_string()),
        ])
    }
}

/// Money that is to go back.
#[derive(Clone, Debug)]
pub(crate) struct RefundOrder {
    /// The stored key.
    pub(crate) idempotency_key: String,
    /// The refund.
    pub(crate) refund_id: RefundId,
    /// The provider's name of the captured transaction.
    pub(crate) txn_id: String,
    /// How much.
    pub(crate) amount: Yen,
    /// Stripe's word for why.
    pub(crate) reason: &'static str,
}
