//! What arrives at a provider's webhook, in our own types.

use thiserror::Error;

use super::note::Notes;
use super::snapshot::CheckoutSnapshot;
use crate::disputes::model::DisputeReport;

/// An event that was received.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReceivedEvent {
    /// The provider's name of it; the same on every delivery.
    pub(crate) id: String,
    /// The provider's word for its kind.
    pub(crate) kind: String,
    /// The provider's name of what it is about.
    pub(crate) object_id: String,
    /// What it says, by how far it may be believed.
    pub(crate) content: InboundEvent,
}

/// What an event says, by how far it may be believed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum InboundEvent {
    /// The provider has signed it.
    Verified(PaymentEvent),
    /// Anybody may have sent it: it says nothing but that the provider should be asked about this session.
    Hint {
        /// The provider's name of the session.
        session_id: String,
    },
}

impl InboundEvent {
    /// Whether the provider has signed it.
    pub(crate) const fn is_verified(&self) -> bool {
        matches!(self, Self::Verified(_))
    }
}

/// Something that a provider reports. May arrive twice, late, and before what caused it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PaymentEvent {
    /// A checkout as it was then.
    Checkout(CheckoutSnapshot),
    /// A transaction changed, or a try of the buyer failed.
    Transaction { txn_id: String, notes: Notes, failure_code: Option<String> },
    /// Money of a transaction went back, or is about to.
    Refund { txn_id: Option<String> },
    /// A buyer's bank disputes a transaction.
    Dispute { txn_id: Option<String>, report: DisputeReport },
    /// Something about a subscription.
    Subscription(SubscriptionSubject),
    /// A kind that this program has no use for.
    Ignored,
    /// Its object is not what its kind promises.
    Unreadable,
}

/// What an event about a subscription is about, by the provider's name of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SubscriptionSubject {
    /// A checkout page on which a subscription begins.
    Checkout(String),
    /// A subscription.
    Subscription(String),
    /// An invoice of a subscription.
    Invoice(String),
}

/// Why a body is not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum EventError {
    /// The signature header is missing, or is not one.
    #[error("the signature header is missing or malformed")]
    SignatureMalformed,
    /// The signature was made too long ago, or in the future.
    #[error("the signature is too old or from the future")]
    SignatureOutsideTolerance,
    /// No secret of ours has made the signature.
    #[error("the signature does not match")]
    SignatureMismatch,
    /// The body is no event.
    #[error("the body is no event")]
    Unreadable,
}

impl EventError {
    /// The stable code in the API's error.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::SignatureMalformed => "webhook_signature_malformed",
            Self::SignatureOutsideTolerance => "webhook_signature_outside_tolerance",
            Self::SignatureMismatch => "webhook_signature_mismatch",
            Self::Unreadable => "webhook_body_unreadable",
        }
    }
}
