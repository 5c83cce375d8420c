//! The verbs of every provider. A provider is called outside any transaction; its answer is a snapshot in our own types.

use kernel::RefundId;

use super::error::ProviderError;
use super::note;
use super::request::{CheckoutRequest, RefundOrder};
use super::sandbox::handle::Sandbox;
use super::snapshot::{CheckoutSnapshot, CollectedSnapshot, RefundSnapshot};
use super::stripe::client::StripeClient;
use super::stripe::objects::Metadata;
use super::stripe::requests::{CreateRefund, CreateSession, LineItem, PaymentIntentData, PriceData, ProductData};

/// A provider that can be asked.
#[derive(Clone)]
pub(crate) enum Provider {
    /// Stripe, or a double of it.
    Stripe(StripeClient),
    /// The local one.
    Sandbox(Sandbox),
}

impl Provider {
    /// Opens a checkout page. The same key gives the same page.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub(crate) async fn open_checkout(&self, request: &CheckoutRequest) -> Result<CheckoutSnapshot, ProviderError> {
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
    pub(crate) async fn expire_checkout(&self, key: &str, session_id: &str) -> Result<CheckoutSnapshot, ProviderError> {
        Ok(CheckoutSnapshot::from(match self {
            Self::Stripe(client) => client.expire_session(key, session_id).await?,
            Self::Sandbox(sandbox) => sandbox.expire_session(session_id).await?,
        }))
    }

    /// How a checkout stands, with the provider's fee where it is known.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub(crate) async fn fetch_checkout(&self, session_id: &str) -> Result<CheckoutSnapshot, ProviderError> {
        Ok(CheckoutSnapshot::from(match self {
            Self::Stripe(client) => client.session(session_id).await?,
            Self::Sandbox(sandbox) => sandbox.session(session_id).await?,
        }))
    }

    /// A payment that was collected without a checkout of ours.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub(crate) async fn fetch_collected(&self, intent_id: &str) -> Result<CollectedSnapshot, ProviderError> {
        Ok(CollectedSnapshot::from(match self {
            Self::Stripe(client) => client.payment_intent(intent_id).await?,
            Self::Sandbox(sandbox) => sandbox.payment_intent(intent_id).await?,
        }))
    }

    /// Gives money back.
    ///
    /// # Errors
    /// After [`ProviderError::Unavailable`] and [`ProviderError::NeedsFreshKey`] look with [`Self::find_refund`] first.
    pub(crate) async fn refund(&self, order: &RefundOrder) -> Result<RefundSnapshot, ProviderError> {
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
    pub(crate) async fn refunds_of(&self, intent_id: &str) -> Result<Vec<RefundSnapshot>, ProviderError> {
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
    pub(crate) async fn find_refund(
        &self,
        intent_id: &str,
        refund_id: RefundId,
    ) -> Result<Option<RefundSnapshot>, ProviderError> {
        let refunds = self.refunds_of(intent_id).await?;
        Ok(refunds.into_iter().find(|refund| refund.refund_id == Some(refund_id)))
    }
}
