//! Who takes the money: Stripe, and a sandbox that behaves like it.
//!
//! A provider is asked outside any transaction; what it says comes back as a snapshot in our own words.

pub mod sandbox;
mod snapshot;
pub mod stripe;
pub(crate) mod subscriptions;

use kernel::{Locale, PaymentId, RefundId, Yen};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::Purpose;
use sandbox::Sandbox;
use stripe::objects::Metadata;
use stripe::requests::{CreateRefund, CreateSession, LineItem, PaymentIntentData, PriceData, ProductData};
use stripe::{StripeClient, StripeError};

pub use snapshot::{
    CheckoutSnapshot, CheckoutState, CollectedSnapshot, ProviderFee, RefundSnapshot, RefundState, Slip,
};
pub use subscriptions::Noted;

/// A provider's name in the database and in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ProviderCode {
    /// Stripe.
    Stripe,
    /// The local checkout page; no real money, never in production.
    Sandbox,
}

impl ProviderCode {
    /// The code, as in `payment_providers.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::Sandbox => "sandbox",
        }
    }

    /// The provider that gave something its name: the sandbox's names say so.
    pub(crate) fn of_name(name: &str) -> Self {
        if name.contains(sandbox::NAME_MARK) { Self::Sandbox } else { Self::Stripe }
    }
}

impl From<ProviderCode> for ledger::ProviderName {
    fn from(code: ProviderCode) -> Self {
        Self::from(code.as_str())
    }
}

/// A provider that can be asked.
#[derive(Clone)]
pub enum Provider {
    /// Stripe, or a double of it.
    Stripe(StripeClient),
    /// The local one.
    Sandbox(Sandbox),
}

/// A checkout that is to be opened.
#[derive(Clone, Debug)]
pub struct CheckoutRequest {
    /// The stored key: the same key, the same session.
    pub idempotency_key: String,
    /// The payment.
    pub payment_id: PaymentId,
    /// What it is for.
    pub purpose: Purpose,
    /// What exactly it is for.
    pub reference_id: uuid::Uuid,
    /// How much.
    pub amount: Yen,
    /// What the buyer reads.
    pub description: String,
    /// Where the buyer goes after paying.
    pub success_url: String,
    /// Where the buyer goes when giving up.
    pub cancel_url: String,
    /// The language of the page.
    pub locale: Locale,
    /// When nobody can pay any more.
    pub expires_at: OffsetDateTime,
    /// Which house asks; two that share an account at the provider tell their payments apart by it.
    pub app: String,
}

/// Money that is to go back.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// The stored key.
    pub idempotency_key: String,
    /// The refund.
    pub refund_id: RefundId,
    /// The provider's name of the payment.
    pub intent_id: String,
    /// How much.
    pub amount: Yen,
    /// Stripe's word for why.
    pub reason: &'static str,
}

/// A provider did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProviderError {
    /// Try the same again later; it may or may not have had its effect.
    #[error("the provider is not reachable: {0}")]
    Unavailable(String),
    /// The provider keeps answering this key with its own failure: look what happened, then use a fresh key.
    #[error("the provider failed and keeps the failure under the key: {0}")]
    NeedsFreshKey(String),
    /// The card or wallet says no.
    #[error("the payment was declined: {0}")]
    Declined(String),
    /// The provider says no, and will say so again.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// The provider knows no such thing.
    #[error("the provider knows no such thing")]
    Missing,
    /// Our set-up at the provider is wrong; an operator's matter.
    #[error("the provider does not accept us: {0}")]
    Misconfigured(String),
}

impl ProviderError {
    /// A short name for logs and for the database.
    pub fn code(&self) -> &str {
        match self {
            Self::Unavailable(code)
            | Self::NeedsFreshKey(code)
            | Self::Declined(code)
            | Self::Refused(code)
            | Self::Misconfigured(code) => code,
            Self::Missing => "missing",
        }
    }
}

impl From<StripeError> for ProviderError {
    fn from(error: StripeError) -> Self {
        let code = error.code().to_owned();
        match error {
            StripeError::Failed { .. } => Self::NeedsFreshKey(code),
            StripeError::Unreachable { .. } | StripeError::Busy { .. } | StripeError::Locked => Self::Unavailable(code),
            StripeError::Unreadable(_) => Self::Unavailable(code),
            StripeError::NotAllowed { .. } | StripeError::KeyReused => Self::Misconfigured(code),
            StripeError::Missing => Self::Missing,
            StripeError::Declined { .. } => Self::Declined(code),
            StripeError::Refused { .. } => Self::Refused(code),
        }
    }
}

/// Our notes on what we make at a provider.
pub(crate) mod note {
    pub(crate) const HOUSE: &str = "app";
    pub(crate) const PAYMENT: &str = "payment_id";
    pub(crate) const PURPOSE: &str = "purpose";
    pub(crate) const REFERENCE: &str = "reference_id";
    pub(crate) const CHECKOUT: &str = "checkout_id";
    pub(crate) const PLAN: &str = "plan_code";
    pub(crate) const REFUND: &str = "refund_id";
}

impl CheckoutRequest {
    pub(crate) fn metadata(&self) -> Metadata {
        Metadata::from([
            (note::HOUSE.to_owned(), self.app.clone()),
            (note::PAYMENT.to_owned(), self.payment_id.to_string()),
            (note::PURPOSE.to_owned(), self.purpose.as_str().to_owned()),
            (note::REFERENCE.to_owned(), self.reference_id.to_string()),
        ])
    }
}

impl Provider {
    /// Opens a checkout page. The same key gives the same page.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn open_checkout(&self, request: &CheckoutRequest) -> Result<CheckoutSnapshot, ProviderError> {
        match self {
            Self::Stripe(client) => {
                let reference = request.reference_id.to_string();
                let session = CreateSession {
                    mode: "payment",
                    success_url: &request.success_url,
                    cancel_url: &request.cancel_url,
                    client_reference_id: &reference,
                    line_items: vec![LineItem {
                        quantity: 1,
                        price_data: PriceData {
                            currency: "jpy",
                            unit_amount: request.amount.get(),
                            product_data: ProductData { name: &request.description },
                        },
                    }],
                    metadata: request.metadata(),
                    payment_intent_data: PaymentIntentData { metadata: request.metadata() },
                    locale: request.locale.tag(),
                    expires_at: request.expires_at.unix_timestamp(),
                };
                Ok(CheckoutSnapshot::from(client.create_session(&request.idempotency_key, &session).await?))
            }
            Self::Sandbox(sandbox) => Ok(CheckoutSnapshot::from(sandbox.create_session(request).await?)),
        }
    }

    /// Closes a checkout page.
    ///
    /// # Errors
    /// [`ProviderError::Refused`] when it is no longer open: fetch it and see why.
    pub async fn expire_checkout(&self, key: &str, session_id: &str) -> Result<CheckoutSnapshot, ProviderError> {
        Ok(CheckoutSnapshot::from(match self {
            Self::Stripe(client) => client.expire_session(key, session_id).await?,
            Self::Sandbox(sandbox) => sandbox.expire_session(session_id).await?,
        }))
    }

    /// How a checkout stands, with the provider's fee where it is known.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn fetch_checkout(&self, session_id: &str) -> Result<CheckoutSnapshot, ProviderError> {
        Ok(CheckoutSnapshot::from(match self {
            Self::Stripe(client) => client.session(session_id).await?,
            Self::Sandbox(sandbox) => sandbox.session(session_id).await?,
        }))
    }

    /// A payment that was collected without a checkout of ours.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn fetch_collected(&self, intent_id: &str) -> Result<CollectedSnapshot, ProviderError> {
        Ok(CollectedSnapshot::from(match self {
            Self::Stripe(client) => client.payment_intent(intent_id).await?,
            Self::Sandbox(sandbox) => sandbox.payment_intent(intent_id).await?,
        }))
    }

    /// Gives money back.
    ///
    /// # Errors
    /// After [`ProviderError::Unavailable`] and [`ProviderError::NeedsFreshKey`] look with [`Self::find_refund`] first.
    pub async fn refund(&self, order: &RefundOrder) -> Result<RefundSnapshot, ProviderError> {
        let metadata = Metadata::from([(note::REFUND.to_owned(), order.refund_id.to_string())]);
        Ok(RefundSnapshot::from(match self {
            Self::Stripe(client) => {
                let request = CreateRefund {
                    payment_intent: &order.intent_id,
                    amount: order.amount.get(),
                    reason: order.reason,
                    metadata,
                };
                client.create_refund(&order.idempotency_key, &request).await?
            }
            Self::Sandbox(sandbox) => sandbox.create_refund(order, &metadata).await?,
        }))
    }

    /// Every refund of a payment that the provider knows.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn refunds_of(&self, intent_id: &str) -> Result<Vec<RefundSnapshot>, ProviderError> {
        let refunds = match self {
            Self::Stripe(client) => client.refunds_of(intent_id).await?.data,
            Self::Sandbox(sandbox) => sandbox.refunds_of(intent_id).await?,
        };
        Ok(refunds.into_iter().map(RefundSnapshot::from).collect())
    }

    /// The refund that carries our id, if the provider has made it.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn find_refund(
        &self,
        intent_id: &str,
        refund_id: RefundId,
    ) -> Result<Option<RefundSnapshot>, ProviderError> {
        let refunds = self.refunds_of(intent_id).await?;
        Ok(refunds.into_iter().find(|refund| refund.refund_id == Some(refund_id)))
    }
}
