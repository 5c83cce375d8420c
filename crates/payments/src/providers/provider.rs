//! A provider that is configured, and the verbs that all have in common. A provider is called outside any transaction.

use http::HeaderMap;
use kernel::RefundId;
use time::OffsetDateTime;

use super::code::ProviderCode;
use super::error::ProviderError;
use super::event::{EventError, ReceivedEvent};
use super::note::{self, Notes};
use super::request::{CheckoutRequest, RefundOrder};
use super::sandbox::handle::Sandbox;
use super::sandbox::receive as sandbox_events;
use super::snapshot::{CheckoutSnapshot, CollectedSnapshot, RefundSnapshot};
use super::stripe::client::StripeClient;
use super::stripe::receive as stripe_events;
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
    /// Which one it is.
    pub(crate) const fn code(&self) -> ProviderCode {
        match self {
            Self::Stripe(_) => ProviderCode::Stripe,
            Self::Sandbox(_) => ProviderCode::Sandbox,
        }
    }

    /// The origins of the pages to which it sends a buyer or a customer, besides our own.
    pub(crate) const fn page_origins(&self) -> &'static [&'static str] {
        match self {
            Self::Stripe(_) => &["https://checkout.stripe.com", "https://billing.stripe.com"],
            Self::Sandbox(_) => &[],
        }
    }

    /// Opens a checkout page. The same key gives the same page.
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
                    metadata: request.notes(),
                    payment_intent_data: PaymentIntentData { metadata: request.notes() },
                    locale: request.locale.tag(),
                    expires_at: request.expires_at.unix_timestamp(),
                };
                Ok(CheckoutSnapshot::from(client.create_session(&request.idempotency_key, &session).await?))
            }
            Self::Sandbox(sandbox) => Ok(CheckoutSnapshot::from(sandbox.create_session(request).await?)),
        }
    }

    /// Captures what the buyer has approved, at a provider that waits for this call. The same key captures once; captured
    /// already, it is the checkout as it is.
    pub(crate) async fn capture(
        &self,
        key: &str,
        checkout: &CheckoutSnapshot,
    ) -> Result<CheckoutSnapshot, ProviderError> {
        match self {
            Self::Stripe(client) => {
                let intent_id = checkout.txn_id.as_deref().ok_or(ProviderError::Missing)?;
                match client.capture_intent(key, intent_id).await.map_err(ProviderError::from) {
                    // Refused where it is captured or withdrawn already: the checkout says which.
                    Ok(_) | Err(ProviderError::Refused(_)) => self.fetch_checkout(&checkout.session_id).await,
                    Err(error) => Err(error),
                }
            }
            Self::Sandbox(sandbox) => Ok(CheckoutSnapshot::from(sandbox.capture(&checkout.session_id).await?)),
        }
    }

    /// Closes a checkout that is open, or withdraws one that is approved and not captured.
    ///
    /// # Errors
    /// [`ProviderError::Refused`] when it is neither: fetch it and see why.
    pub(crate) async fn close_checkout(
        &self,
        key: &str,
        checkout: &CheckoutSnapshot,
    ) -> Result<CheckoutSnapshot, ProviderError> {
        match (self, &checkout.txn_id) {
            (Self::Stripe(client), Some(intent_id)) if !checkout.state.is_open() => {
                client.cancel_intent(key, intent_id).await?;
                self.fetch_checkout(&checkout.session_id).await
            }
            (Self::Stripe(client), _) => {
                Ok(CheckoutSnapshot::from(client.expire_session(key, &checkout.session_id).await?))
            }
            (Self::Sandbox(sandbox), _) => {
                Ok(CheckoutSnapshot::from(sandbox.expire_session(&checkout.session_id).await?))
            }
        }
    }

    /// A checkout as it is now, with the provider's fee where it is known.
    pub(crate) async fn fetch_checkout(&self, session_id: &str) -> Result<CheckoutSnapshot, ProviderError> {
        Ok(CheckoutSnapshot::from(match self {
            Self::Stripe(client) => client.session(session_id).await?,
            Self::Sandbox(sandbox) => sandbox.session(session_id).await?,
        }))
    }

    /// A payment that was collected without a checkout of ours.
    pub(crate) async fn fetch_collected(&self, txn_id: &str) -> Result<CollectedSnapshot, ProviderError> {
        Ok(CollectedSnapshot::from(match self {
            Self::Stripe(client) => client.payment_intent(txn_id).await?,
            Self::Sandbox(sandbox) => sandbox.payment_intent(txn_id).await?,
        }))
    }

    /// Gives money back.
    ///
    /// # Errors
    /// After [`ProviderError::Unavailable`] and [`ProviderError::NeedsFreshKey`] look with [`Self::find_refund`] first.
    pub(crate) async fn refund(&self, order: &RefundOrder) -> Result<RefundSnapshot, ProviderError> {
        let metadata = Notes::from([(note::REFUND.to_owned(), order.refund_id.to_string())]);
        Ok(RefundSnapshot::from(match self {
            Self::Stripe(client) => {
                let request = CreateRefund {
                    payment_intent: &order.txn_id,
                    amount: order.amount.get(),
                    reason: order.reason,
                    metadata,
                };
                client.create_refund(&order.idempotency_key, &request).await?
            }
            Self::Sandbox(sandbox) => sandbox.create_refund(order, &metadata).await?,
        }))
    }

    /// Every refund of a transaction that the provider knows.
    pub(crate) async fn refunds_of(&self, txn_id: &str) -> Result<Vec<RefundSnapshot>, ProviderError> {
        let refunds = match self {
            Self::Stripe(client) => client.refunds_of(txn_id).await?.data,
            Self::Sandbox(sandbox) => sandbox.refunds_of(txn_id).await?,
        };
        Ok(refunds.into_iter().map(RefundSnapshot::from).collect())
    }

    /// The refund that carries our id, if the provider has made it.
    pub(crate) async fn find_refund(
        &self,
        txn_id: &str,
        refund_id: RefundId,
    ) -> Result<Option<RefundSnapshot>, ProviderError> {
        let refunds = self.refunds_of(txn_id).await?;
        Ok(refunds.into_iter().find(|refund| refund.refund_id == Some(refund_id)))
    }

    /// Checks what arrived at the provider's webhook, on its raw bytes, and reads it.
    pub(crate) fn verify_event(
        &self,
        now: OffsetDateTime,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<ReceivedEvent, EventError> {
        match self {
            Self::Stripe(client) => {
                stripe_events::verify(client.webhook_secrets(), now, headers, stripe_events::SIGNATURE_HEADER, body)
            }
            Self::Sandbox(sandbox) => sandbox_events::verify(sandbox, now, headers, body),
        }
    }

    /// Reads an event that was verified when it arrived.
    pub(crate) fn read_event(&self, body: &[u8]) -> Result<ReceivedEvent, EventError> {
        match self {
            Self::Stripe(_) | Self::Sandbox(_) => stripe_events::read(body),
        }
    }
}
