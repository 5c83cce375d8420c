//! Asking about subscriptions, and changing them. Every verb is a call to the provider: no transaction is open here.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use url::Url;

use super::model::{ChangePreview, PREVIEW_IS_STALE, PlanChange, SUBSCRIPTION_IS_OVER};
use super::snapshot::{InvoiceSnapshot, SubscriptionSnapshot};
use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::providers::error::ProviderError;
use crate::providers::provider::Provider;
use crate::providers::subscriptions::notes::Noted;
use crate::state::Payments;

/// The longest name of anything at a provider, in bytes.
const NAME_BYTES_MAX: usize = 255;

impl Payments {
    /// How a subscription stands.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`] also for one of another installation, [`PaymentError::ProviderUnavailable`].
    pub async fn fetch_subscription(
        &self,
        provider: ProviderCode,
        subscription_id: &str,
    ) -> Result<SubscriptionSnapshot, PaymentError> {
        let noted = self
            .provider_with(provider, subscription_id)?
            .fetch_subscription(self.now(), subscription_id)
            .await
            .map_err(payment_error)?;
        self.ours(noted).ok_or(PaymentError::NotFound)
    }

    /// How an invoice stands.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`], [`PaymentError::ProviderUnavailable`].
    pub async fn fetch_invoice(
        &self,
        provider: ProviderCode,
        invoice_id: &str,
    ) -> Result<InvoiceSnapshot, PaymentError> {
        self.provider_with(provider, invoice_id)?.fetch_invoice(invoice_id).await.map_err(payment_error)
    }

    /// Puts another plan, period or price in the place of the present one, now or with the next period. A change that
    /// waits for the next period is replaced; asking for what is in force withdraws it.
    ///
    /// # Errors
    /// [`PaymentError::Declined`]: the difference could not be collected and nothing has changed;
    /// [`PaymentError::SubscriptionOver`]: the subscription is over; [`PaymentError::ProviderUnavailable`]: repeat with the same key.
    pub async fn change_plan(&self, change: &PlanChange) -> Result<SubscriptionSnapshot, PaymentError> {
        change.check()?;
        self.provider_with(change.provider, &change.subscription_id)?
            .change_plan(self.now(), change)
            .await
            .map_err(payment_error)
    }

    /// What a change that comes into force now would cost, by the provider's own reckoning; nothing changes. With
    /// `prorated_at` it is reckoned from there.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`] with `prorationDate` when that moment is too long ago, or in another period;
    /// [`PaymentError::SubscriptionOver`], [`PaymentError::ProviderUnavailable`].
    pub async fn preview_change(&self, change: &PlanChange) -> Result<ChangePreview, PaymentError> {
        change.check()?;
        self.provider_with(change.provider, &change.subscription_id)?
            .preview_change(self.now(), change)
            .await
            .map_err(payment_error)
    }

    /// Lets a subscription end with its present period, or go on after all.
    ///
    /// # Errors
    /// [`PaymentError::SubscriptionOver`]: it is over; [`PaymentError::ProviderUnavailable`]: repeat with the same key.
    pub async fn set_cancel_at_period_end(
        &self,
        provider: ProviderCode,
        subscription_id: &str,
        cancel: bool,
        key: &str,
    ) -> Result<SubscriptionSnapshot, PaymentError> {
        let provider = self.provider_with(provider, subscription_id)?;
        provider.set_cancel_at_period_end(self.now(), subscription_id, cancel, key).await.map_err(payment_error)
    }

    /// Ends a subscription now, without giving anything back, and withdraws its unpaid invoice, so that nobody pays for
    /// what is over. Safe to repeat.
    ///
    /// # Errors
    /// [`PaymentError::ProviderUnavailable`]: repeat with the same key.
    pub async fn cancel_now(
        &self,
        provider: ProviderCode,
        subscription_id: &str,
        key: &str,
    ) -> Result<SubscriptionSnapshot, PaymentError> {
        self.provider_with(provider, subscription_id)?
            .cancel_now(self.now(), subscription_id, key)
            .await
            .map_err(payment_error)
    }

    /// Where customers change their card and see their invoices at the provider. The address is a key: for the customer
    /// only, and soon of no more use.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`], [`PaymentError::ProviderUnavailable`].
    pub async fn portal_url(
        &self,
        provider: ProviderCode,
        customer_id: &str,
        return_url: &Url,
    ) -> Result<Url, PaymentError> {
        let key = format!("portal:{}", self.app().random.uuid_v4());
        let address = self
            .provider_with(provider, customer_id)?
            .portal_url(customer_id, return_url, &key)
            .await
            .map_err(payment_error)?;
        Url::parse(&address).map_err(|_| PaymentError::ProviderUnavailable("unreadable".to_owned()))
    }

    /// Writes our notes on a customer at the provider, such as the account that it belongs to.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`], [`PaymentError::ProviderUnavailable`].
    pub async fn note_customer(
        &self,
        provider: ProviderCode,
        customer_id: &str,
        notes: &BTreeMap<String, String>,
    ) -> Result<(), PaymentError> {
        let mut hash = Sha256::new();
        for (name, value) in notes {
            hash.update(format!("{}:{name}={}:{value};", name.len(), value.len()));
        }
        let key = format!("note:{customer_id}:{}", hex::encode(hash.finalize()));
        self.provider_with(provider, customer_id)?.note_customer(customer_id, notes, &key).await.map_err(payment_error)
    }

    /// The moment that a snapshot asked for now is of.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.app().clock.now()
    }

    /// A provider that is asked about something by its name there. Names that no provider gives belong to nothing.
    pub(crate) fn provider_with(&self, code: ProviderCode, name: &str) -> Result<Provider, PaymentError> {
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.is_empty() || name.len() > NAME_BYTES_MAX || !name.bytes().all(sound) {
            return Err(PaymentError::NotFound);
        }
        self.provider(code)
    }

    /// What this installation has made, by its note.
    pub(crate) fn ours<T>(&self, noted: Noted<T>) -> Option<T> {
        (noted.installation.as_deref() == Some(self.installation().as_str())).then_some(noted.value)
    }
}

/// What a provider's answer means to somebody who waits for it.
pub(super) fn payment_error(error: ProviderError) -> PaymentError {
    match error {
        ProviderError::Missing => PaymentError::NotFound,
        ProviderError::Refused(code) if code == SUBSCRIPTION_IS_OVER => PaymentError::SubscriptionOver,
        ProviderError::Refused(code) if code == PREVIEW_IS_STALE => PaymentError::InvalidRequest("prorationDate"),
        error => PaymentError::from(error),
    }
}
