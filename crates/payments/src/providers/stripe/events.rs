//! Events as they arrive at the webhook.

use serde::Deserialize;
use serde_json::Value;

use super::objects::{Charge, CheckoutSession, Dispute, PaymentIntent, Refund};

/// Something that happened at Stripe. May arrive twice, late and before what caused it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Event {
    /// `evt_…`; the same on every delivery.
    pub id: String,
    /// `checkout.session.completed` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened, in Unix seconds.
    #[serde(default)]
    pub created: i64,
    /// The version in which the object is written.
    pub api_version: Option<String>,
    /// The object at that moment.
    pub data: EventData,
}

/// The part of an event that carries the object.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct EventData {
    /// The object as it was; not as it is.
    pub object: Value,
}

/// The object of an event, by its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum EventObject {
    /// `checkout.session.*`.
    Session(CheckoutSession),
    /// `payment_intent.*`.
    Intent(PaymentIntent),
    /// `charge.*` apart from disputes and refunds.
    Charge(Charge),
    /// `refund.*` and `charge.refund.*`.
    Refund(Refund),
    /// `charge.dispute.*`.
    Dispute(Dispute),
    /// Something that this program has no use for.
    Other,
}

impl Event {
    /// Reads an event's envelope.
    ///
    /// # Errors
    /// When the body is no JSON object with `id`, `type` and `data.object`.
    pub fn parse(body: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(body)
    }

    /// The id of the object that the event is about; empty when it has none.
    pub fn object_id(&self) -> &str {
        self.data.object.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    /// The typed object.
    ///
    /// # Errors
    /// When the object says what it is and does not look like it.
    pub fn object(&self) -> Result<EventObject, serde_json::Error> {
        let object = &self.data.object;
        Ok(match object.get("object").and_then(Value::as_str) {
            Some("checkout.session") => EventObject::Session(CheckoutSession::deserialize(object)?),
            Some("payment_intent") => EventObject::Intent(PaymentIntent::deserialize(object)?),
            Some("charge") => EventObject::Charge(Charge::deserialize(object)?),
            Some("refund") => EventObject::Refund(Refund::deserialize(object)?),
            Some("dispute") => EventObject::Dispute(Dispute::deserialize(object)?),
            _ => EventObject::Other,
        })
    }
}
