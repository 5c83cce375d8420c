//! Stripe's objects and events in our own types. The sandbox speaks Stripe's words and is read here too.

use kernel::Yen;
use serde_json::Value;
use time::OffsetDateTime;
use url::Url;

use super::events::{Event, EventObject};
use super::objects::{
    CheckoutSession, Dispute, Expandable, PaymentIntent, Refund, RefundStatus, SessionPaymentStatus, SessionStatus,
};
use crate::disputes::model::{DisputeReport, DisputeState};
use crate::providers::event::{PaymentEvent, SubscriptionSubject};
use crate::providers::note;
use crate::providers::snapshot::{
    CheckoutSnapshot, CheckoutState, CollectedSnapshot, ProviderFee, RefundSnapshot, RefundState, Voucher,
};

/// The longest code of a failure that is kept, in characters.
const FAILURE_CODE_CHARS_MAX: usize = 100;
/// The longest address of a slip that is kept, in bytes.
const VOUCHER_URL_BYTES_MAX: usize = 2_000;
/// The longest reason of a dispute that is kept, in characters.
const DISPUTE_REASON_CHARS_MAX: usize = 100;

impl From<CheckoutSession> for CheckoutSnapshot {
    fn from(session: CheckoutSession) -> Self {
        let intent = session.payment_intent.as_ref().and_then(Expandable::object);
        let captured = intent.and_then(|intent| intent.amount_received).filter(|amount| *amount > 0);
        Self {
            state: state_of(&session, intent),
            txn_id: session.payment_intent.as_ref().map(|intent| intent.id().to_owned()),
            amount: captured.or(session.amount_total).map(Yen),
            is_yen: session.currency.as_deref().is_none_or(|currency| currency == "jpy"),
            last_failure_code: intent.and_then(failure_of),
            fee: intent.and_then(fee_of),
            session_id: session.id,
            notes: session.metadata,
        }
    }
}

fn state_of(session: &CheckoutSession, intent: Option<&PaymentIntent>) -> CheckoutState {
    match (session.payment_status, session.status) {
        (SessionPaymentStatus::Paid | SessionPaymentStatus::NoPaymentRequired, _) => CheckoutState::Captured,
        (_, SessionStatus::Open) => CheckoutState::Open { url: session.url.clone() },
        (_, SessionStatus::Expired) => CheckoutState::Expired,
        (SessionPaymentStatus::Unpaid, SessionStatus::Complete) => match intent {
            // Only its name is known: the buyer has finished, and how is still to be asked.
            None => CheckoutState::Unclear,
            Some(intent) => match intent.status.as_str() {
                // A delayed method that came to nothing leaves its payment asking for another method, or cancelled.
                "requires_payment_method" | "canceled" => CheckoutState::Failed,
                "requires_capture" => CheckoutState::Authorized,
                _ => voucher_of(intent).map_or(CheckoutState::Processing, CheckoutState::VoucherIssued),
            },
        },
        _ => CheckoutState::Unclear,
    }
}

fn failure_of(intent: &PaymentIntent) -> Option<String> {
    let failure = intent.last_payment_error.as_ref()?;
    let code = failure.decline_code.as_ref().or(failure.code.as_ref())?;
    Some(code.chars().take(FAILURE_CODE_CHARS_MAX).collect())
}

fn voucher_of(intent: &PaymentIntent) -> Option<Voucher> {
    let details = intent.next_action.as_ref()?.konbini_display_details.as_ref()?;
    let url = Url::parse(details.hosted_voucher_url.as_deref()?).ok()?;
    let is_page = matches!(url.scheme(), "http" | "https") && url.as_str().len() <= VOUCHER_URL_BYTES_MAX;
    is_page.then(|| Voucher {
        url: url.into(),
        expires_at: details.expires_at.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok()),
    })
}

fn fee_of(intent: &PaymentIntent) -> Option<ProviderFee> {
    let charge = intent.latest_charge.as_ref().and_then(Expandable::object)?;
    let transaction = charge.balance_transaction.as_ref().and_then(Expandable::object)?;
    // An account that settles in another currency is charged in it; the ledger keeps yen only.
    (transaction.currency == "jpy")
        .then(|| ProviderFee { balance_transaction: transaction.id.clone(), fee: Yen(transaction.fee) })
}

impl From<PaymentIntent> for CollectedSnapshot {
    fn from(intent: PaymentIntent) -> Self {
        let charge = intent.latest_charge.as_ref().and_then(Expandable::object);
        Self { fee: fee_of(&intent), refunded: Yen(charge.map_or(0, |charge| charge.amount_refunded)) }
    }
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
            failure_code: refund.failure_reason,
            refund_id: refund.metadata.get(note::REFUND).and_then(|id| id.parse().ok()),
            provider_refund_id: refund.id,
        }
    }
}

impl Event {
    /// What the event reports.
    pub(crate) fn report(&self) -> PaymentEvent {
        if let Some(subject) = subscription_subject(&self.kind, &self.data.object) {
            return PaymentEvent::Subscription(subject);
        }
        let Ok(object) = self.object() else { return PaymentEvent::Unreadable };
        match object {
            EventObject::Session(session) => PaymentEvent::Checkout(CheckoutSnapshot::from(session)),
            EventObject::Intent(intent) => PaymentEvent::Transaction {
                failure_code: failure_of(&intent),
                txn_id: intent.id,
                notes: intent.metadata,
            },
            EventObject::Charge(charge) if self.kind == "charge.refunded" => {
                PaymentEvent::Refund { txn_id: charge.payment_intent.as_ref().map(|intent| intent.id().to_owned()) }
            }
            EventObject::Refund(refund) => {
                PaymentEvent::Refund { txn_id: refund.payment_intent.as_ref().map(|intent| intent.id().to_owned()) }
            }
            EventObject::Dispute(dispute) => PaymentEvent::Dispute {
                txn_id: dispute.payment_intent.as_ref().map(|intent| intent.id().to_owned()),
                report: dispute_report(&self.kind, dispute),
            },
            EventObject::Charge(_) | EventObject::Other => PaymentEvent::Ignored,
        }
    }
}

/// Reads a dispute in an event of this kind. Money is withdrawn when the event says so: an inquiry (`warning_…`) never
/// moves any.
fn dispute_report(kind: &str, dispute: Dispute) -> DisputeReport {
    let state = match dispute.status.as_str() {
        "won" => DisputeState::Won,
        "lost" => DisputeState::Lost,
        _ if kind == "charge.dispute.funds_withdrawn" => DisputeState::Withdrawn,
        _ => DisputeState::Raised,
    };
    DisputeReport {
        provider_dispute_id: dispute.id,
        status: dispute.status,
        reason: dispute.reason.chars().take(DISPUTE_REASON_CHARS_MAX).collect(),
        state,
        amount: Yen(dispute.amount),
    }
}

/// Events of an invoice that somebody waits for; the other kinds repeat these, or come before there is anything to do.
const INVOICE_KINDS: [&str; 6] = [
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.voided",
];

fn subscription_subject(kind: &str, object: &Value) -> Option<SubscriptionSubject> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let id = text("id")?.to_owned();
    match text("object")? {
        "checkout.session" if text("mode") == Some("subscription") => Some(SubscriptionSubject::Checkout(id)),
        "subscription" => Some(SubscriptionSubject::Subscription(id)),
        "invoice" if INVOICE_KINDS.contains(&kind) => {
            object.pointer("/parent/subscription_details/subscription")?;
            Some(SubscriptionSubject::Invoice(id))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inquiry_moves_no_money() {
        let dispute = |status: &str| Dispute {
            id: "du_1".to_owned(),
            amount: 100,
            status: status.to_owned(),
            reason: "general".to_owned(),
            payment_intent: None,
        };
        let state = |kind, status| dispute_report(kind, dispute(status)).state;
        assert_eq!(state("charge.dispute.created", "warning_needs_response"), DisputeState::Raised);
        assert_eq!(state("charge.dispute.closed", "warning_closed"), DisputeState::Raised);
        assert_eq!(state("charge.dispute.created", "needs_response"), DisputeState::Raised);
        assert_eq!(state("charge.dispute.funds_withdrawn", "needs_response"), DisputeState::Withdrawn);
        assert_eq!(state("charge.dispute.closed", "lost"), DisputeState::Lost);
        assert_eq!(state("charge.dispute.funds_reinstated", "won"), DisputeState::Won);
    }
}
