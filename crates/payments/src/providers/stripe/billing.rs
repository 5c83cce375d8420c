//! The calls about subscriptions.

use serde::de::DeserializeOwned;

use super::billing_objects::{
    Invoice, InvoiceLineItem, PortalSession, Preview, Price, Schedule, Subscription, SubscriptionSession,
};
use super::billing_requests::{
    CancelAtPeriodEnd, ChangeItems, CreatePortalSession, CreatePreview, CreatePrice, CreateSchedule,
    CreateSubscriptionSession, ForgetCancelAt, ListInvoices, ListLines, ListPrices, NoteCustomer, PlanPhases,
};
use super::client::StripeClient;
use super::error::StripeError;
use super::objects::{List, Metadata};
use super::requests::{Expansion, Nothing};

/// Invoices that are asked for when events may have been lost.
const NEWEST_INVOICES: u32 = 12;

/// See [`StripeError`] for what every call may answer; a `key` gives the same answer for 24 hours.
impl StripeClient {
    /// Opens a checkout page for a subscription.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn create_subscription_session(
        &self,
        key: &str,
        request: &CreateSubscriptionSession<'_>,
    ) -> Result<SubscriptionSession, StripeError> {
        self.post(&["checkout", "sessions"], key, request).await
    }

    /// A session with its subscription.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn subscription_session(&self, session_id: &str) -> Result<SubscriptionSession, StripeError> {
        let expansion = Expansion { expand: vec!["subscription.schedule"] };
        self.get(&["checkout", "sessions", session_id], &expansion).await
    }

    /// A subscription with its schedule.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn subscription(&self, subscription_id: &str) -> Result<Subscription, StripeError> {
        self.get(&["subscriptions", subscription_id], &Expansion { expand: vec!["schedule"] }).await
    }

    /// Another price for a subscription.
    ///
    /// # Errors
    /// [`StripeError::Declined`]: nothing has changed.
    pub async fn change_items(&self, key: &str, id: &str, request: &ChangeItems<'_>) -> Result<(), StripeError> {
        self.effect(&["subscriptions", id], key, request).await
    }

    /// What another price would cost; nothing changes.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn create_preview(&self, key: &str, request: &CreatePreview<'_>) -> Result<Preview, StripeError> {
        self.post(&["invoices", "create_preview"], key, request).await
    }

    /// Lets a subscription end with its period, or go on.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn set_cancel_at_period_end(&self, key: &str, id: &str, cancel: bool) -> Result<(), StripeError> {
        self.effect(&["subscriptions", id], key, &CancelAtPeriodEnd { cancel_at_period_end: cancel }).await
    }

    /// Takes back an end at a fixed time, which is how the customer portal ends a subscription.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn forget_cancel_at(&self, key: &str, id: &str) -> Result<(), StripeError> {
        self.effect(&["subscriptions", id], key, &ForgetCancelAt { cancel_at: "" }).await
    }

    /// Ends a subscription now.
    ///
    /// # Errors
    /// [`StripeError::Missing`] when it is over.
    pub async fn cancel_subscription(&self, id: &str) -> Result<(), StripeError> {
        let _over: Subscription = self.delete(&["subscriptions", id]).await?;
        Ok(())
    }

    /// Puts a subscription under a schedule.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn create_schedule(&self, key: &str, subscription_id: &str) -> Result<Schedule, StripeError> {
        self.post(&["subscription_schedules"], key, &CreateSchedule { from_subscription: subscription_id }).await
    }

    /// Says what follows the present phase.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn plan_phases(&self, key: &str, id: &str, request: &PlanPhases<'_>) -> Result<(), StripeError> {
        self.effect(&["subscription_schedules", id], key, request).await
    }

    /// Lets a subscription go on as it is, without a schedule.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn release_schedule(&self, key: &str, id: &str) -> Result<(), StripeError> {
        self.effect(&["subscription_schedules", id, "release"], key, &Nothing {}).await
    }

    /// The prices in use under a name of ours.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn prices_named(&self, lookup_key: &str) -> Result<List<Price>, StripeError> {
        self.get(&["prices"], &ListPrices { lookup_keys: vec![lookup_key], active: true, limit: 1 }).await
    }

    /// A new price.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn create_price(&self, key: &str, request: &CreatePrice<'_>) -> Result<Price, StripeError> {
        self.post(&["prices"], key, request).await
    }

    /// A price; asked for once, for what is read of it never changes.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn price(&self, price_id: &str) -> Result<Price, StripeError> {
        if let Some(known) = self.known_price(price_id) {
            return Ok(known);
        }
        let price: Price = self.get(&["prices", price_id], &Nothing {}).await?;
        self.remember_price(&price);
        Ok(price)
    }

    /// An invoice with its payments and all of its lines.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn invoice(&self, invoice_id: &str) -> Result<Invoice, StripeError> {
        let mut invoice: Invoice = self.get(&["invoices", invoice_id], &Expansion { expand: vec!["payments"] }).await?;
        if invoice.lines.as_ref().is_some_and(|lines| lines.has_more) {
            let lines: List<InvoiceLineItem> =
                self.get(&["invoices", invoice_id, "lines"], &ListLines { limit: 100 }).await?;
            invoice.lines = Some(lines);
        }
        Ok(invoice)
    }

    /// The newest invoices of a subscription, newest first.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn invoices_of(&self, subscription_id: &str) -> Result<List<Invoice>, StripeError> {
        let request =
            ListInvoices { subscription: subscription_id, limit: NEWEST_INVOICES, expand: vec!["data.payments"] };
        self.get(&["invoices"], &request).await
    }

    /// Withdraws an open invoice.
    ///
    /// # Errors
    /// [`StripeError::Refused`] when it is not open.
    pub async fn void_invoice(&self, key: &str, invoice_id: &str) -> Result<(), StripeError> {
        self.effect(&["invoices", invoice_id, "void"], key, &Nothing {}).await
    }

    /// Opens the customer portal.
    ///
    /// # Errors
    /// [`StripeError::Refused`] also while the portal is not set up at Stripe.
    pub async fn create_portal_session(
        &self,
        key: &str,
        request: &CreatePortalSession<'_>,
    ) -> Result<PortalSession, StripeError> {
        self.post(&["billing_portal", "sessions"], key, request).await
    }

    /// Writes our notes on a customer.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn note_customer(&self, key: &str, customer_id: &str, notes: &Metadata) -> Result<(), StripeError> {
        self.effect(&["customers", customer_id], key, &NoteCustomer { metadata: notes }).await
    }

    /// A call of which only the effect matters.
    async fn effect<Q: serde::Serialize + Sync>(
        &self,
        path: &[&str],
        key: &str,
        request: &Q,
    ) -> Result<(), StripeError> {
        let _answer: serde_json::Value = self.post(path, key, request).await?;
        Ok(())
    }

    async fn delete<A: DeserializeOwned>(&self, path: &[&str]) -> Result<A, StripeError> {
        self.call(http::Method::DELETE, self.address(path)?, None).await
    }
}
