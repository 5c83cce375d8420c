//! What a provider says, in our own words.

use kernel::{PaymentId, RefundId, Yen};
use time::OffsetDateTime;
use url::Url;

use super::note;
use super::stripe::objects::{
    CheckoutSession, Expandable, Metadata, PaymentIntent, Refund, RefundStatus, SessionPaymentStatus, SessionStatus,
};

/// A checkout at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CheckoutSnapshot {
    /// The provider's name of the page.
    pub(crate) session_id: String,
    /// The provider's name of the payment, once there is one.
    pub(crate) intent_id: Option<String>,
    /// How it stands.
    pub(crate) state: CheckoutState,
    /// How much was asked for.
    pub(crate) amount: Option<Yen>,
    /// Whether it was asked for in yen; true when the provider does not say.
    pub(crate) is_yen: bool,
    /// Where the buyer pays, while that is possible.
    pub(crate) url: Option<String>,
    /// The slip for a convenience store, once it is printed.
    pub(crate) slip: Option<Slip>,
    /// Why the last attempt failed.
    pub(crate) last_failure_code: Option<String>,
    /// What the provider kept, once that is known.
    pub(crate) fee: Option<ProviderFee>,
    /// Our notes.
    pub(crate) metadata: Metadata,
}

/// How a checkout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckoutState {
    /// The buyer may pay.
    Open,
    /// The buyer has finished; the money is on its way (a convenience store, a bank).
    AwaitingMoney,
    /// The money is there.
    Paid,
    /// Nobody can pay any more.
    Expired,
    /// The money that was on its way will not come.
    Failed,
    /// The provider uses a word that is new to us; nothing follows from it.
    Unclear,
}

/// A slip that can be paid at a convenience store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    /// The provider's page that shows it.
    pub(crate) url: String,
    /// Until when it can be paid, where the provider says so.
    pub(crate) expires_at: Option<OffsetDateTime>,
}

/// A payment that was collected without a checkout of ours: an invoice's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CollectedSnapshot {
    /// What the provider kept, once that is known.
    pub(crate) fee: Option<ProviderFee>,
    /// What went back so far.
    pub(crate) refunded: Yen,
}

impl From<PaymentIntent> for CollectedSnapshot {
    fn from(intent: PaymentIntent) -> Self {
        let charge = intent.latest_charge.as_ref().and_then(Expandable::object);
        Self { fee: fee_of(&intent), refunded: Yen(charge.map_or(0, |charge| charge.amount_refunded)) }
    }
}

/// What a provider kept of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProviderFee {
    /// The provider's balance_transaction; the fee's business key.
    pub(crate) balance_transaction: String,
    /// How much.
    pub(crate) fee: Yen,
}

impl CheckoutSnapshot {
    /// The payment that we noted on it.
    pub(crate) fn payment_id(&self) -> Option<PaymentId> {
        self.metadata.get(note::PAYMENT).and_then(|id| id.parse().ok())
    }

    /// The platform that made it.
    pub(crate) fn app(&self) -> Option<&str> {
        self.metadata.get(note::INSTALLATION).map(String::as_str)
    }
}

impl From<CheckoutSession> for CheckoutSnapshot {
    fn from(session: CheckoutSession) -> Self {
        let intent = session.payment_intent.as_ref().and_then(Expandable::object);
        let failure = intent.and_then(|intent| intent.last_payment_error.as_ref());
        Self {
            state: state_of(&session, intent),
            intent_id: session.payment_intent.as_ref().map(|intent| intent.id().to_owned()),
            amount: session.amount_total.map(Yen),
            is_yen: session.currency.as_deref().is_none_or(|currency| currency == "jpy"),
            last_failure_code: failure
                .and_then(|failure| failure.decline_code.clone().or_else(|| failure.code.clone()))
                .map(|code| code.chars().take(100).collect()),
            slip: intent.and_then(slip_of),
            fee: intent.and_then(fee_of),
            session_id: session.id,
            url: session.url,
            metadata: session.metadata,
        }
    }
}

fn state_of(session: &CheckoutSession, intent: Option<&PaymentIntent>) -> CheckoutState {
    match (session.payment_status, session.status) {
        (SessionPaymentStatus::Paid | SessionPaymentStatus::NoPaymentRequired, _) => CheckoutState::Paid,
        (_, SessionStatus::Open) => CheckoutState::Open,
        (_, SessionStatus::Expired) => CheckoutState::Expired,
        // A delayed method that came to nothing leaves its payment asking for another method, or cancelled.
        (SessionPaymentStatus::Unpaid, SessionStatus::Complete) => match intent.map(|intent| intent.status.as_str()) {
            Some("requires_payment_method" | "canceled") => CheckoutState::Failed,
            _ => CheckoutState::AwaitingMoney,
        },
        _ => CheckoutState::Unclear,
    }
}

/// The longest address of a slip that is kept, in bytes.
const SLIP_URL_BYTES_MAX: usize = 2_000;

fn slip_of(intent: &PaymentIntent) -> Option<Slip> {
    let details = intent.next_action.as_ref()?.konbini_display_details.as_ref()?;
    let url = Url::parse(details.hosted_voucher_url.as_deref()?).ok()?;
    let is_page = matches!(url.scheme(), "http" | "https") && url.as_str().len() <= SLIP_URL_BYTES_MAX;
    is_page.then(|| Slip {
        url: url.into(),
        expires_at: details.expires_at.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok()),
    })
}

fn fee_of(intent: &PaymentIntent) -> Option<ProviderFee> {
    let charge = intent.latest_charge.as_ref().and_then(Expandable::object)?;
    let balance_transaction = charge.balance_transaction.as_ref().and_then(Expandable::object)?;
    // An account that settles in another currency is charged in it; the ledger keeps yen only.
    (balance_transaction.currency == "jpy")
        .then(|| ProviderFee { balance_transaction: balance_transaction.id.clone(), fee: Yen(balance_transaction.fee) })
}

/// A refund at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefundSnapshot {
    /// The provider's name of it.
    pub(crate) provider_refund_id: String,
    /// The provider's name of the payment.
    pub(crate) intent_id: Option<String>,
    /// How it stands.
    pub(crate) state: RefundState,
    /// How much.
    pub(crate) amount: Yen,
    /// Why it failed.
    pub(crate) failure_code: Option<String>,
    /// Our id, where we made it.
    pub(crate) refund_id: Option<RefundId>,
}

/// How a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundState {
    /// On its way.
    Pending,
    /// Done.
    Succeeded,
    /// Came back or was withdrawn.
    Failed,
}

impl From<Refund> for RefundSnapshot {
    fn from(refund: Refund) -> Self {
        Self {
            state: match refund.status {
                RefundStatus::Succeeded => RefundState::Succeeded,
                RefundStatus::Failed | RefundStatus::Canceled => RefundState::Failed,
                RefundStatus::Pending | RefundStatus::RequiresAction | RefundStatus::Unknown => RefundState::Pending,
            },
            amount: Yen(refund.amount),
            intent_id: refund.payment_intent.as_ref().map(|intent| intent.id().to_owned()),
            failure_code: refund.failure_reason,
            refund_id: refund.metadata.get(note::REFUND).and_then(|id| id.parse().ok()),
            provider_refund_id: refund.id,
        }
    }
}
