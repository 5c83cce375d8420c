//! Events about subscriptions: which object to ask for again. What the event itself says of it is not looked at.

use serde_json::Value;

use crate::error::PaymentError;
use crate::providers::stripe::events::Event;
use crate::state::Payments;
use crate::subscriptions::follow::{SubscriptionEvent, fetch_checkout, fetch_invoice, fetch_subscription};

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// A checkout page in subscription mode.
    Checkout(String),
    /// A subscription.
    Subscription(String),
    /// An invoice of a subscription.
    Invoice(String),
}

/// NoticeKind of an invoice that somebody waits for; the other kinds repeat these, or come before there is anything to do.
const INVOICE_KINDS: [&str; 6] = [
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.voided",
];

/// What the event is about, when that is a subscription.
pub(super) fn about(event: &Event) -> Option<About> {
    let object = &event.data.object;
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let id = text("id")?.to_owned();
    match text("object")? {
        "checkout.session" if text("mode") == Some("subscription") => Some(About::Checkout(id)),
        "subscription" => Some(About::Subscription(id)),
        "invoice" if INVOICE_KINDS.contains(&event.kind.as_str()) => {
            object.pointer("/parent/subscription_details/subscription")?;
            Some(About::Invoice(id))
        }
        _ => None,
    }
}

impl About {
    /// Asks for it.
    pub(super) async fn fetch(&self, payments: &Payments) -> Result<SubscriptionEvent, PaymentError> {
        let event = match self {
            Self::Checkout(id) => fetch_checkout(payments, id).await,
            Self::Subscription(id) => fetch_subscription(payments, id).await,
            Self::Invoice(id) => fetch_invoice(payments, id).await,
        };
        match event {
            // A name that no provider gives, in an event that is signed nevertheless: nothing of ours.
            Err(PaymentError::NotFound) => Ok(SubscriptionEvent::Nothing),
            event => event,
        }
    }
}
