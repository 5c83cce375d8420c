//! Subscriptions at a provider: the same verbs at each.

use std::collections::BTreeMap;

use kernel::Ctx;
use url::Url;
use uuid::Uuid;

use super::{Provider, ProviderError};
use crate::subscriptions::{
    InvoiceSnapshot, NewSubscriptionCheckout, PlanChange, SubscriptionCheckout, SubscriptionSnapshot,
};

/// Something at a provider, with our notes on it.
#[derive(Clone, Debug)]
pub struct Noted<T> {
    /// The house that made it.
    pub house: Option<String>,
    /// The checkout that began it.
    pub checkout_id: Option<Uuid>,
    /// The thing.
    pub value: T,
}

/// A checkout page as it is right after opening it.
#[derive(Clone, Debug)]
pub(crate) struct OpenedSession {
    /// The provider's name of it.
    pub(crate) session_id: String,
    /// Where the buyer pays, while that is possible.
    pub(crate) url: Option<String>,
    /// Whether the buyer has paid there.
    pub(crate) is_complete: bool,
}

fn absent() -> ProviderError {
    ProviderError::Misconfigured("subscriptions".to_owned())
}

impl Provider {
    /// Opens a checkout page for a subscription. The same key gives the same page.
    pub(crate) async fn open_subscription_checkout(
        &self,
        _ctx: &Ctx,
        _key: &str,
        _house: &str,
        _new: &NewSubscriptionCheckout,
    ) -> Result<OpenedSession, ProviderError> {
        Err(absent())
    }

    /// How a checkout for a subscription stands.
    pub(crate) async fn fetch_subscription_checkout(
        &self,
        _session_id: &str,
    ) -> Result<Noted<SubscriptionCheckout>, ProviderError> {
        Err(absent())
    }

    /// How a subscription stands.
    pub(crate) async fn fetch_subscription(&self, _id: &str) -> Result<Noted<SubscriptionSnapshot>, ProviderError> {
        Err(absent())
    }

    /// How an invoice stands.
    pub(crate) async fn fetch_invoice(&self, _id: &str) -> Result<InvoiceSnapshot, ProviderError> {
        Err(absent())
    }

    /// The newest invoices of a subscription, newest first.
    pub(crate) async fn invoices_of(&self, _subscription_id: &str) -> Result<Vec<InvoiceSnapshot>, ProviderError> {
        Err(absent())
    }

    /// Changes the plan, now or with the next period.
    pub(crate) async fn change_plan(&self, _change: &PlanChange) -> Result<SubscriptionSnapshot, ProviderError> {
        Err(absent())
    }

    /// Ends a subscription with its period, or lets it go on.
    pub(crate) async fn set_cancel_at_period_end(
        &self,
        _id: &str,
        _cancel: bool,
        _key: &str,
    ) -> Result<SubscriptionSnapshot, ProviderError> {
        Err(absent())
    }

    /// Ends a subscription now.
    pub(crate) async fn cancel_now(&self, _id: &str, _key: &str) -> Result<SubscriptionSnapshot, ProviderError> {
        Err(absent())
    }

    /// Where a customer sees to the card.
    pub(crate) async fn portal_url(
        &self,
        _customer_id: &str,
        _return_url: &Url,
        _key: &str,
    ) -> Result<String, ProviderError> {
        Err(absent())
    }

    /// Writes notes on a customer.
    pub(crate) async fn note_customer(
        &self,
        _customer_id: &str,
        _notes: &BTreeMap<String, String>,
        _key: &str,
    ) -> Result<(), ProviderError> {
        Err(absent())
    }
}
