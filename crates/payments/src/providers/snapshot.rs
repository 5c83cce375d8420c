//! What a provider answers, in our own types. The conversions lie with each provider.

use kernel::{PaymentId, RefundId, Yen};
use time::OffsetDateTime;

use super::note::{self, Notes};
use crate::attempts::ids::AttemptId;

/// A checkout at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CheckoutSnapshot {
    /// The provider's name of the page.
    pub(crate) session_id: String,
    /// The provider's name of the transaction, once there is one.
    pub(crate) txn_id: Option<String>,
    /// Its state.
    pub(crate) state: CheckoutState,
    /// How much was captured, else how much was asked for.
    pub(crate) amount: Option<Yen>,
    /// Whether it was asked for in yen; true when the provider does not say.
    pub(crate) is_yen: bool,
    /// Why the last try of the buyer failed.
    pub(crate) last_failure_code: Option<String>,
    /// What the provider kept, once that is known.
    pub(crate) fee: Option<ProviderFee>,
    /// Our notes.
    pub(crate) notes: Notes,
}

/// The state of a checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CheckoutState {
    /// The buyer may pay, here where the provider says where.
    Open { url: Option<String> },
    /// A convenience store slip is printed and not paid.
    VoucherIssued(Voucher),
    /// The buyer has finished and a bank has the order.
    Processing,
    /// The buyer has approved; the money is to be captured by a call.
    Authorized,
    /// The money is there.
    Captured,
    /// Nobody can pay any more.
    Expired,
    /// The money that was on its way will not come.
    Failed,
    /// The provider uses a word that is new to us; nothing follows from it.
    Unclear,
}

impl CheckoutState {
    /// Whether the buyer may still begin to pay.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

/// A slip that can be paid at a convenience store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// The provider's page that shows it.
    pub url: String,
    /// Until when it can be paid, where the provider says so.
    pub expires_at: Option<OffsetDateTime>,
}

/// A payment that was collected without a checkout of ours: an invoice's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CollectedSnapshot {
    /// What the provider kept, once that is known.
    pub(crate) fee: Option<ProviderFee>,
    /// What went back so far.
    pub(crate) refunded: Yen,
}

/// What a provider kept of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProviderFee {
    /// The provider's balance transaction; the fee's business key.
    pub(crate) balance_transaction: String,
    /// How much.
    pub(crate) fee: Yen,
}

impl CheckoutSnapshot {
    /// The payment that we noted on it.
    pub(crate) fn payment_id(&self) -> Option<PaymentId> {
        self.notes.get(note::PAYMENT).and_then(|id| id.parse().ok())
    }

    /// The attempt that we noted on it.
    pub(crate) fn attempt_id(&self) -> Option<AttemptId> {
        self.notes.get(note::ATTEMPT).and_then(|id| id.parse().ok())
    }

    /// The installation that made it.
    pub(crate) fn installation(&self) -> Option<&str> {
        self.notes.get(note::INSTALLATION).map(String::as_str)
    }
}

/// A refund at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefundSnapshot {
    /// The provider's name of it: two equal refunds differ in nothing else.
    pub(crate) provider_refund_id: String,
    /// Its state.
    pub(crate) state: RefundState,
    /// How much.
    pub(crate) amount: Yen,
    /// Why it failed.
    pub(crate) failure_code: Option<String>,
    /// Our id, where we made it.
    pub(crate) refund_id: Option<RefundId>,
}

/// The state of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundState {
    /// On its way.
    Pending,
    /// Done.
    Succeeded,
    /// Came back or was withdrawn.
    Failed,
}
