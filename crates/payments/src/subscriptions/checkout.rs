//! Opening a checkout page for a subscription, and asking how it stands. No transaction is open here.

use kernel::Ctx;

use super::change::payment_error;
use super::model::{NewSubscriptionCheckout, OpenedCheckout};
use super::snapshot::SubscriptionCheckout;
use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::providers::error::ProviderError;
use crate::state::Payments;

/// Keys that are tried where the provider keeps its own failure under a key. Nobody holds the address of a page whose
/// opening failed, so a second one may take its place.
const KEYS_MAX: u32 = 3;

impl Payments {
    /// Opens a checkout page at the default provider. Safe to repeat, also after a crash or a time-out: the key follows
    /// from the checkout's id, so the same id gives the same page as long as the request is the same.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`], [`PaymentError::ProviderUnavailable`]: try again;
    /// [`PaymentError::AlreadyPaid`], [`PaymentError::Lapsed`]: this page is no longer open.
    pub async fn open_subscription_checkout(
        &self,
        ctx: &Ctx,
        new: &NewSubscriptionCheckout,
    ) -> Result<OpenedCheckout, PaymentError> {
        new.check()?;
        let code = self.default_provider();
        let provider = self.provider(code)?;
        let app = self.installation();
        let mut number = 1;
        let opened = loop {
            let key = format!("subscription_checkout:{}:{number}", new.checkout_id);
            match provider.open_subscription_checkout(ctx, &key, &app, new).await {
                Err(ProviderError::NeedsFreshKey(_)) if number < KEYS_MAX => number += 1,
                opened => break opened?,
            }
        };
        tracing::info!(checkout = %new.checkout_id, provider = code.as_str(), "a subscription's checkout page is open");
        match opened.url {
            Some(url) => Ok(OpenedCheckout {
                provider: code,
                session_id: opened.session_id,
                url: self.page_at(&provider, &url)?,
            }),
            None if opened.is_complete => Err(PaymentError::AlreadyPaid),
            None => Err(PaymentError::Lapsed),
        }
    }

    /// How a checkout stands. The name may come from anybody: one that this installation has not opened does not exist.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`], [`PaymentError::ProviderUnavailable`].
    pub async fn fetch_subscription_checkout(
        &self,
        provider: ProviderCode,
        session_id: &str,
    ) -> Result<SubscriptionCheckout, PaymentError> {
        let provider = self.provider_with(provider, session_id)?;
        let noted = provider.fetch_subscription_checkout(self.now(), session_id).await.map_err(payment_error)?;
        self.ours(noted).ok_or(PaymentError::NotFound)
    }
}
