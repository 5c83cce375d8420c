//! The way to the provider's own page, where customers change their card and see its receipts.

use kernel::{SystemReason, UserId};
use payments::PaymentError;
use url::Url;

use super::queries;
use crate::billing_error::BillingError;
use crate::state::Billing;

/// The address of the provider's page for a person; a key, for that person only and soon of no more use.
///
/// # Errors
/// [`BillingError::NoSubscription`] for whoever never had a subscription; [`PaymentError::ProviderUnavailable`].
pub async fn portal(billing: &Billing, user_id: UserId) -> Result<Url, BillingError> {
    let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
    let (provider, customer_id) = queries::customer_of(&mut tx, user_id).await?.ok_or(BillingError::NoSubscription)?;
    tx.commit().await?;
    let back = billing.app().config.absolute_url("/admin/settings");
    let back = Url::parse(&back).map_err(|_| PaymentError::InvalidRequest("return_url"))?;
    Ok(billing.payments().portal_url(provider, &customer_id, &back).await?)
}
