//! The verbs about subscriptions: the same at Stripe and at the sandbox, and both speak Stripe's words.

use std::collections::BTreeMap;

use kernel::Ctx;
use time::OffsetDateTime;
use url::Url;

use super::notes::Noted;
use super::reading;
use super::reading::{Asked, read_checkout, read_invoice, read_subscription};
use crate::providers::error::ProviderError;
use crate::providers::provider::Provider;
use crate::providers::stripe::billing_objects::Price;
use crate::providers::stripe::objects::{Metadata, SessionStatus};
use crate::subscriptions::model::{ChangePreview, NewSubscriptionCheckout, PlanChange};
use crate::subscriptions::snapshot::{InvoiceSnapshot, SubscriptionCheckout, SubscriptionSnapshot};

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

impl Provider {
    /// Opens a checkout page for a subscription. The same key gives the same page.
    pub(crate) async fn open_subscription_checkout(
        &self,
        ctx: &Ctx,
        key: &str,
        app: &str,
        new: &NewSubscriptionCheckout,
    ) -> Result<OpenedSession, ProviderError> {
        let session = match self {
            Self::Stripe(client) => client.open_subscription_checkout(key, app, new).await?,
            Self::Sandbox(sandbox) => sandbox.open_subscription_checkout(ctx, key, app, new).await?,
        };
        Ok(OpenedSession {
            is_complete: session.status == SessionStatus::Complete,
            session_id: session.id,
            url: session.url,
        })
    }

    /// How a checkout for a subscription stands.
    pub(crate) async fn fetch_subscription_checkout(
        &self,
        at: OffsetDateTime,
        session_id: &str,
    ) -> Result<Noted<SubscriptionCheckout>, ProviderError> {
        let session = match self {
            Self::Stripe(client) => client.subscription_session(session_id).await?,
            Self::Sandbox(sandbox) => sandbox.subscription_session(session_id).await?,
        };
        if session.mode != "subscription" {
            return Err(ProviderError::Missing);
        }
        let invoice = match &session.invoice {
            Some(invoice) => Some(self.fetch_invoice(invoice.id()).await?),
            None => None,
        };
        let prices = match session.subscription.as_ref().and_then(|subscription| subscription.object()) {
            Some(subscription) => self.prices(reading::prices_to_come(subscription)).await?,
            None => BTreeMap::new(),
        };
        let asked = Asked { provider: self.code(), at, prices: &prices };
        let notes = session.metadata.clone();
        Ok(Noted::read(&notes, read_checkout(&asked, session, invoice)?))
    }

    /// How a subscription stands.
    pub(crate) async fn fetch_subscription(
        &self,
        at: OffsetDateTime,
        subscription_id: &str,
    ) -> Result<Noted<SubscriptionSnapshot>, ProviderError> {
        let subscription = match self {
            Self::Stripe(client) => client.subscription(subscription_id).await?,
            Self::Sandbox(sandbox) => sandbox.subscription(subscription_id).await?,
        };
        let prices = self.prices(reading::prices_to_come(&subscription)).await?;
        let asked = Asked { provider: self.code(), at, prices: &prices };
        let snapshot = read_subscription(&asked, &subscription)?;
        Ok(Noted::read(&subscription.metadata, snapshot))
    }

    /// How an invoice stands.
    pub(crate) async fn fetch_invoice(&self, invoice_id: &str) -> Result<InvoiceSnapshot, ProviderError> {
        let invoice = match self {
            Self::Stripe(client) => client.invoice(invoice_id).await?,
            Self::Sandbox(sandbox) => sandbox.invoice(invoice_id).await?,
        };
        let prices = self.prices(reading::prices_of_lines(&invoice)).await?;
        read_invoice(self.code(), &invoice, &prices)
    }

    /// The newest invoices of a subscription, newest first.
    pub(crate) async fn invoices_of(&self, subscription_id: &str) -> Result<Vec<InvoiceSnapshot>, ProviderError> {
        let invoices = match self {
            Self::Stripe(client) => client.invoices_of(subscription_id).await?.data,
            Self::Sandbox(sandbox) => sandbox.invoices_of(subscription_id).await?,
        };
        let mut snapshots = Vec::with_capacity(invoices.len());
        for invoice in invoices {
            let prices = self.prices(reading::prices_of_lines(&invoice)).await?;
            snapshots.push(read_invoice(self.code(), &invoice, &prices)?);
        }
        Ok(snapshots)
    }

    /// What a change now would cost.
    pub(crate) async fn preview_change(
        &self,
        at: OffsetDateTime,
        change: &PlanChange,
    ) -> Result<ChangePreview, ProviderError> {
        match self {
            Self::Stripe(client) => client.preview_change(at, change).await,
            Self::Sandbox(sandbox) => sandbox.preview_change(change).await,
        }
    }

    /// Changes the plan, now or with the next period.
    pub(crate) async fn change_plan(
        &self,
        at: OffsetDateTime,
        change: &PlanChange,
    ) -> Result<SubscriptionSnapshot, ProviderError> {
        match self {
            Self::Stripe(client) => client.change_plan(at, change).await?,
            Self::Sandbox(sandbox) => sandbox.change_plan(change).await?,
        }
        Ok(self.fetch_subscription(at, &change.subscription_id).await?.value)
    }

    /// Ends a subscription with its period, or lets it go on.
    pub(crate) async fn set_cancel_at_period_end(
        &self,
        at: OffsetDateTime,
        subscription_id: &str,
        cancel: bool,
        key: &str,
    ) -> Result<SubscriptionSnapshot, ProviderError> {
        match self {
            Self::Stripe(client) => client.end_with_period(subscription_id, cancel, key).await?,
            Self::Sandbox(sandbox) => sandbox.end_with_period(subscription_id, cancel, key).await?,
        }
        Ok(self.fetch_subscription(at, subscription_id).await?.value)
    }

    /// Ends a subscription now.
    pub(crate) async fn cancel_now(
        &self,
        at: OffsetDateTime,
        subscription_id: &str,
        key: &str,
    ) -> Result<SubscriptionSnapshot, ProviderError> {
        match self {
            Self::Stripe(client) => client.end_now(subscription_id, key).await?,
            Self::Sandbox(sandbox) => sandbox.end_now(subscription_id).await?,
        }
        Ok(self.fetch_subscription(at, subscription_id).await?.value)
    }

    /// Where a customer sees to the card.
    pub(crate) async fn portal_url(
        &self,
        customer_id: &str,
        return_url: &Url,
        key: &str,
    ) -> Result<String, ProviderError> {
        match self {
            Self::Stripe(client) => client.open_portal(customer_id, return_url, key).await,
            Self::Sandbox(sandbox) => sandbox.portal_url(customer_id, return_url).await,
        }
    }

    /// Writes notes on a customer.
    pub(crate) async fn note_customer(
        &self,
        customer_id: &str,
        notes: &Metadata,
        key: &str,
    ) -> Result<(), ProviderError> {
        match self {
            Self::Stripe(client) => Ok(client.note_customer(key, customer_id, notes).await?),
            Self::Sandbox(sandbox) => sandbox.note_customer(customer_id, notes).await,
        }
    }

    /// The prices that an answer names without showing them. The sandbox shows all of its prices.
    async fn prices(&self, ids: Vec<String>) -> Result<BTreeMap<String, Price>, ProviderError> {
        let mut prices = BTreeMap::new();
        if let Self::Stripe(client) = self {
            for id in ids {
                let price = client.price(&id).await?;
                prices.insert(id, price);
            }
        }
        Ok(prices)
    }
}
