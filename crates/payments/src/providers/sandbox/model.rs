//! The sandbox's tables, and how they look in Stripe's words.

use kernel::{Ctx, Yen};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::dispute_at_bank::DisputeAtBank;
use super::names::EVENT_PREFIX;
use crate::providers::stripe::client::API_VERSION;

/// A session.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub id: String,
    pub payment_intent_id: String,
    pub amount: Yen,
    pub refunded: Yen,
    pub description: String,
    pub success_url: String,
    pub cancel_url: String,
    pub client_reference_id: String,
    pub metadata: Value,
    pub status: String,
    pub payment_status: String,
    pub konbini_lapsed: bool,
    pub capture_method: String,
    pub is_approved: bool,
    pub last_decline_code: Option<String>,
    pub dispute: Option<DisputeAtBank>,
    pub expires_at: OffsetDateTime,
    pub created_at: OffsetDateTime,
}

/// A slip can be paid for so long.
const SLIP_LIFE: Duration = Duration::days(3);

/// A refund.
#[derive(Clone, Debug)]
pub(super) struct RefundRow {
    pub id: String,
    pub payment_intent_id: String,
    pub amount: Yen,
    pub metadata: Value,
    pub created_at: OffsetDateTime,
}

/// What a visitor of the checkout page does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CheckoutAction {
    /// Pay; at a waiting convenience store slip: the store has the money.
    Succeed,
    /// Be refused; the page stays open.
    Decline,
    /// Choose to pay at a convenience store, later.
    KonbiniLater,
    /// The store has the money.
    KonbiniPaid,
    /// Nobody went to the store.
    KonbiniLapsed,
    /// Go back without paying; the page stays open.
    Cancel,
    /// Give all of it back, as an operator would at the provider's console.
    Refund,
    /// What was approved is captured; not a button of the page.
    #[serde(skip)]
    Capture,
    /// Let the buyer's bank take it back.
    Dispute,
    /// The bank decides for the platform, also after it had decided for the buyer.
    DisputeWon,
    /// The bank decides for the buyer.
    DisputeLost,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SandboxSessionState {
    /// The visitor may pay.
    Open,
    /// The visitor has approved, and the money is to be captured by a call.
    Approved,
    /// The slip is printed and not paid.
    KonbiniWaiting,
    /// The slip is no longer worth anything.
    KonbiniLapsed,
    /// Paid.
    Paid,
    /// Paid and given back.
    Refunded,
    /// Paid, and the buyer's bank has the money until it has decided.
    Disputed,
    /// Paid, and the buyer's bank has decided for the buyer.
    ChargedBack,
    /// Nobody can pay any more.
    Expired,
}

impl Session {
    pub(super) fn state(&self) -> SandboxSessionState {
        match (self.status.as_str(), self.payment_status.as_str()) {
            ("expired", _) => SandboxSessionState::Expired,
            (_, "paid") if self.refunded >= self.amount => SandboxSessionState::Refunded,
            (_, "paid") if self.dispute == Some(DisputeAtBank::Open) => SandboxSessionState::Disputed,
            (_, "paid") if self.dispute == Some(DisputeAtBank::Lost) => SandboxSessionState::ChargedBack,
            (_, "paid") => SandboxSessionState::Paid,
            ("complete", _) if self.konbini_lapsed => SandboxSessionState::KonbiniLapsed,
            ("complete", _) if self.is_approved => SandboxSessionState::Approved,
            ("complete", _) => SandboxSessionState::KonbiniWaiting,
            _ => SandboxSessionState::Open,
        }
    }

    /// Changes the rows as the action says; the kinds of the events that follow, or nothing when the action has no place
    /// in this state.
    pub(super) fn apply(&mut self, action: CheckoutAction) -> Option<&'static [&'static str]> {
        match (self.state(), action) {
            (SandboxSessionState::Open, CheckoutAction::Succeed) if self.capture_method == "manual" => {
                self.complete();
                self.is_approved = true;
                Some(&["checkout.session.completed", "payment_intent.amount_capturable_updated"])
            }
            (SandboxSessionState::Approved, CheckoutAction::Capture) => {
                "paid".clone_into(&mut self.payment_status);
                Some(&["payment_intent.succeeded"])
            }
            (SandboxSessionState::Open, CheckoutAction::Succeed) => {
                self.complete();
                "paid".clone_into(&mut self.payment_status);
                Some(&["checkout.session.completed", "payment_intent.succeeded"])
            }
            (SandboxSessionState::Open, CheckoutAction::Decline) => {
                self.last_decline_code = Some("card_declined".to_owned());
                Some(&["payment_intent.payment_failed"])
            }
            (SandboxSessionState::Open, CheckoutAction::KonbiniLater) => {
                self.complete();
                Some(&["checkout.session.completed"])
            }
            (SandboxSessionState::KonbiniWaiting, CheckoutAction::Succeed | CheckoutAction::KonbiniPaid) => {
                "paid".clone_into(&mut self.payment_status);
                Some(&["checkout.session.async_payment_succeeded"])
            }
            (SandboxSessionState::KonbiniWaiting, CheckoutAction::KonbiniLapsed | CheckoutAction::Decline) => {
                self.konbini_lapsed = true;
                self.last_decline_code = Some("konbini_expired".to_owned());
                Some(&["checkout.session.async_payment_failed"])
            }
            (SandboxSessionState::Open, CheckoutAction::Cancel) => Some(&[]),
            (SandboxSessionState::Paid, CheckoutAction::Refund) => Some(&["refund.created"]),
            // A payment is disputed once.
            (SandboxSessionState::Paid, CheckoutAction::Dispute) if self.dispute.is_none() => {
                self.dispute = Some(DisputeAtBank::Open);
                Some(&["charge.dispute.created", "charge.dispute.funds_withdrawn"])
            }
            (SandboxSessionState::Disputed | SandboxSessionState::ChargedBack, CheckoutAction::DisputeWon) => {
                self.dispute = Some(DisputeAtBank::Won);
                Some(&["charge.dispute.funds_reinstated", "charge.dispute.closed"])
            }
            (SandboxSessionState::Disputed, CheckoutAction::DisputeLost) => {
                self.dispute = Some(DisputeAtBank::Lost);
                Some(&["charge.dispute.closed"])
            }
            _ => None,
        }
    }

    /// Until when a slip of this session can be paid.
    pub(super) fn slip_expires_at(&self) -> OffsetDateTime {
        self.created_at + SLIP_LIFE
    }

    fn complete(&mut self) {
        "complete".clone_into(&mut self.status);
    }

    /// What the sandbox keeps: 3.6 %, as Stripe does.
    fn fee(&self) -> i64 {
        self.amount.get() * 36 / 1_000
    }

    fn has_acted(&self) -> bool {
        self.status == "complete" || self.last_decline_code.is_some()
    }

    /// The session in Stripe's JSON, with the payment as a whole object when `expanded`.
    pub(super) fn as_stripe(&self, page_url: &str, expanded: bool) -> Value {
        let payment_intent = match (self.has_acted(), expanded) {
            (false, _) => Value::Null,
            (true, false) => json!(self.payment_intent_id),
            (true, true) => self.intent_as_stripe(page_url),
        };
        json!({
            "id": self.id, "object": "checkout.session", "amount_total": self.amount, "currency": "jpy",
            "cancel_url": self.cancel_url, "success_url": self.success_url,
            "client_reference_id": self.client_reference_id, "created": self.created_at.unix_timestamp(),
            "expires_at": self.expires_at.unix_timestamp(), "livemode": false, "metadata": self.metadata,
            "mode": "payment", "payment_intent": payment_intent, "payment_status": self.payment_status,
            "status": self.status, "url": (self.status == "open").then_some(page_url),
        })
    }

    /// The payment in Stripe's JSON; the page of the session shows the slip as well.
    pub(super) fn intent_as_stripe(&self, page_url: &str) -> Value {
        let paid = self.payment_status == "paid";
        let status = match self.state() {
            _ if paid => "succeeded",
            SandboxSessionState::KonbiniWaiting => "requires_action",
            SandboxSessionState::Approved => "requires_capture",
            _ => "requires_payment_method",
        };
        let charge = paid.then(|| {
            json!({
                "id": self.payment_intent_id.replacen("pi_", "ch_", 1), "object": "charge",
                "amount_refunded": self.refunded, "payment_intent": self.payment_intent_id,
                "balance_transaction": {
                    "id": self.payment_intent_id.replacen("pi_", "txn_", 1), "object": "balance_transaction",
                    "amount": self.amount, "fee": self.fee(), "currency": "jpy",
                },
            })
        });
        json!({
            "id": self.payment_intent_id, "object": "payment_intent", "amount": self.amount, "currency": "jpy",
            "amount_received": if paid { self.amount } else { Yen::ZERO }, "status": status, "metadata": self.metadata,
            "last_payment_error": self.last_decline_code.as_ref().map(|code| json!({"code": code, "decline_code": code})),
            "latest_charge": charge,
            "next_action": (status == "requires_action").then(|| json!({
                "type": "konbini_display_details",
                "konbini_display_details": {
                    "hosted_voucher_url": page_url,
                    "expires_at": self.slip_expires_at().unix_timestamp(),
                },
            })),
        })
    }

    /// A dispute over all of it in Stripe's JSON.
    pub(super) fn dispute_as_stripe(&self) -> Value {
        json!({
            "id": self.payment_intent_id.replacen("pi_", "du_", 1), "object": "dispute", "amount": self.amount,
            "currency": "jpy", "payment_intent": self.payment_intent_id, "reason": "fraudulent",
            "status": match self.dispute {
                Some(DisputeAtBank::Won) => "won",
                Some(DisputeAtBank::Lost) => "lost",
                Some(DisputeAtBank::Open) | None => "needs_response",
            },
        })
    }
}

impl RefundRow {
    /// The refund in Stripe's JSON. The sandbox's refunds succeed at once.
    pub(super) fn as_stripe(&self) -> Value {
        json!({
            "id": self.id, "object": "refund", "amount": self.amount, "currency": "jpy", "status": "succeeded",
            "created": self.created_at.unix_timestamp(), "payment_intent": self.payment_intent_id,
            "metadata": self.metadata, "failure_reason": null,
        })
    }
}

/// An event in Stripe's JSON, with its name.
pub(super) fn event(ctx: &Ctx, kind: &str, object: &Value) -> (String, String) {
    let id = format!("{}{}", EVENT_PREFIX, unguessable(ctx));
    let body = json!({
        "id": id, "object": "event", "type": kind, "created": ctx.now().unix_timestamp(), "livemode": false,
        "api_version": API_VERSION, "pending_webhooks": 1, "data": {"object": object},
    });
    (id, body.to_string())
}

/// The tail of a name that nobody can guess: whoever has the address of a checkout page may pay there.
pub(super) fn unguessable(ctx: &Ctx) -> String {
    hex::encode(ctx.random().bytes::<16>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState};
    use crate::providers::stripe::objects::CheckoutSession;

    fn session() -> Session {
        Session {
            id: "cs_sandbox_1".to_owned(),
            payment_intent_id: "pi_sandbox_1".to_owned(),
            amount: Yen(1_200),
            refunded: Yen::ZERO,
            description: "d".to_owned(),
            success_url: "http://x.example/ok".to_owned(),
            cancel_url: "http://x.example/no".to_owned(),
            client_reference_id: "r".to_owned(),
            metadata: json!({}),
            status: "open".to_owned(),
            payment_status: "unpaid".to_owned(),
            konbini_lapsed: false,
            capture_method: "automatic".to_owned(),
            is_approved: false,
            last_decline_code: None,
            dispute: None,
            expires_at: OffsetDateTime::UNIX_EPOCH,
            created_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn seen(session: &Session) -> CheckoutSnapshot {
        let read: CheckoutSession = serde_json::from_value(session.as_stripe("http://x.example/pay", true)).unwrap();
        CheckoutSnapshot::from(read)
    }

    #[test]
    fn paying_is_seen_as_paid_with_a_fee() {
        let mut session = session();
        assert!(seen(&session).state.is_open());
        assert_eq!(session.apply(CheckoutAction::Decline), Some(&["payment_intent.payment_failed"][..]));
        assert!(seen(&session).state.is_open());
        assert_eq!(seen(&session).last_failure_code.as_deref(), Some("card_declined"));
        assert!(session.apply(CheckoutAction::Succeed).is_some());
        assert_eq!(seen(&session).state, CheckoutState::Captured);
        assert_eq!(seen(&session).fee.map(|fee| fee.fee), Some(Yen(43)));
        assert_eq!(session.apply(CheckoutAction::Succeed), None, "nobody pays twice");
        assert_eq!(session.apply(CheckoutAction::Cancel), None);
    }

    #[test]
    fn a_slip_waits_and_is_paid_or_lapses() {
        let mut paid = session();
        assert!(paid.apply(CheckoutAction::KonbiniLater).is_some());
        assert!(matches!(seen(&paid).state, CheckoutState::VoucherIssued(_)));
        let mut lapsed = paid.clone();
        assert_eq!(paid.apply(CheckoutAction::Succeed), Some(&["checkout.session.async_payment_succeeded"][..]));
        assert_eq!(seen(&paid).state, CheckoutState::Captured);
        assert_eq!(lapsed.apply(CheckoutAction::KonbiniLapsed), Some(&["checkout.session.async_payment_failed"][..]));
        assert_eq!(seen(&lapsed).state, CheckoutState::Failed);
        assert_eq!(lapsed.apply(CheckoutAction::KonbiniPaid), None);
    }

    #[test]
    fn the_slip_is_at_hand_while_it_waits_and_only_then() {
        let voucher = |session: &Session| match seen(session).state {
            CheckoutState::VoucherIssued(voucher) => Some(voucher),
            _ => None,
        };
        let mut session = session();
        assert_eq!(voucher(&session), None);
        assert!(session.apply(CheckoutAction::KonbiniLater).is_some());
        let slip = voucher(&session).unwrap();
        assert_eq!(slip.url, "http://x.example/pay");
        assert_eq!(slip.expires_at, Some(OffsetDateTime::UNIX_EPOCH + Duration::days(3)));
        assert!(session.apply(CheckoutAction::KonbiniPaid).is_some());
        assert_eq!(voucher(&session), None);
    }

    #[test]
    fn what_is_approved_is_captured_by_a_call_and_not_before() {
        let mut session = Session { capture_method: "manual".to_owned(), ..session() };
        assert!(session.apply(CheckoutAction::Succeed).is_some());
        assert_eq!(seen(&session).state, CheckoutState::Authorized);
        assert_eq!(session.apply(CheckoutAction::Succeed), None, "nobody approves twice");
        assert!(session.apply(CheckoutAction::Capture).is_some());
        assert_eq!(seen(&session).state, CheckoutState::Captured);
        assert_eq!(session.apply(CheckoutAction::Capture), None);
    }

    #[test]
    fn a_dispute_is_opened_once_and_a_loss_may_be_reversed() {
        let mut session = session();
        assert_eq!(session.apply(CheckoutAction::Dispute), None, "nothing is paid");
        assert!(session.apply(CheckoutAction::Succeed).is_some());
        assert_eq!(session.apply(CheckoutAction::DisputeWon), None, "nothing is disputed");
        assert!(session.apply(CheckoutAction::Dispute).is_some());
        assert_eq!(session.apply(CheckoutAction::Refund), None, "the bank has the money");
        assert!(session.apply(CheckoutAction::DisputeLost).is_some());
        assert_eq!(
            (session.state(), session.apply(CheckoutAction::DisputeLost)),
            (SandboxSessionState::ChargedBack, None)
        );
        assert!(session.apply(CheckoutAction::DisputeWon).is_some());
        assert_eq!((session.state(), session.apply(CheckoutAction::Dispute)), (SandboxSessionState::Paid, None));
    }
}
