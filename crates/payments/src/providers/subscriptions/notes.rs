//! Our notes and names on what a subscription has at a provider.

use uuid::Uuid;

use crate::providers::note;
use crate::providers::stripe::objects::Metadata;
use crate::subscriptions::model::{BillingPeriod, NewSubscriptionCheckout};

/// Something at a provider, with our notes on it.
#[derive(Clone, Debug)]
pub(crate) struct Noted<T> {
    /// The installation that made it.
    pub(crate) installation: Option<String>,
    /// The checkout that began it.
    pub(crate) checkout_id: Option<Uuid>,
    /// The thing.
    pub(crate) value: T,
}

impl<T> Noted<T> {
    pub(super) fn read(metadata: &Metadata, value: T) -> Self {
        let checkout_id = metadata.get(note::CHECKOUT).and_then(|id| id.parse().ok());
        Self { installation: metadata.get(note::INSTALLATION).cloned(), checkout_id, value }
    }
}

/// The notes on a session and on the subscription that it begins.
pub(crate) fn checkout_notes(installation: &str, new: &NewSubscriptionCheckout) -> Metadata {
    let mut notes = Metadata::from([
        (note::INSTALLATION.to_owned(), installation.to_owned()),
        (note::CHECKOUT.to_owned(), new.checkout_id.to_string()),
    ]);
    if let Some(user_id) = new.user_id {
        notes.insert("user_id".to_owned(), user_id.to_string());
    }
    notes
}

/// Our name of a price: it says everything that matters, so that a price never has to be set up by hand.
pub(crate) fn lookup_key(plan_code: &str, period: BillingPeriod, yen: i64) -> String {
    format!("machiya_{plan_code}_{}_{yen}", period.as_str())
}

/// A price in the words of Stripe, for the sandbox, whose prices follow from their names.
pub(crate) fn priced(plan_code: &str, period: BillingPeriod, yen: i64) -> serde_json::Value {
    let key = lookup_key(plan_code, period, yen);
    serde_json::json!({
        "id": format!("price_sandbox_{key}"), "object": "price", "active": true, "currency": "jpy", "lookup_key": key,
        "unit_amount": yen, "recurring": {"interval": period.as_str(), "interval_count": 1},
        "metadata": {note::PLAN: plan_code},
    })
}
