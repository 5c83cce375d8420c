//! Fetching subscriptions and checkouts of which no event came. The owner (credits) decides which; the answer is
//! handled like an event.

use kernel::Ctx;
use platform::Tx;
use platform::jobs::{Enqueue, Job, JobError, JobRun, enqueue_with};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::routes::CheckoutLapsed;
use super::snapshot::{InvoiceNotice, InvoiceSnapshot, InvoiceStatus, SubscriptionCheckout, SubscriptionSnapshot};
use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::providers::error::ProviderError;
use crate::state::Payments;

/// Ask about this subscription and its newest invoices.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FollowSubscription {
    /// Where it is.
    pub provider: ProviderCode,
    /// The provider's name of it.
    pub subscription_id: String,
}

impl Job for FollowSubscription {
    const NAME: &'static str = "payments.follow_subscription";
    const MAX_ATTEMPTS: i32 = 4;
}

/// Ask about this checkout page of a subscription.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FollowSubscriptionCheckout {
    /// Where it is.
    pub provider: ProviderCode,
    /// The provider's name of it.
    pub session_id: String,
}

impl Job for FollowSubscriptionCheckout {
    const NAME: &'static str = "payments.follow_subscription_checkout";
    const MAX_ATTEMPTS: i32 = 4;
}

impl Payments {
    /// Has the provider asked about a subscription and its newest invoices; what it says arrives as *follow* and
    /// *invoice* notices. For subscriptions whose period ended a while ago, and after any doubt.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`] for a name that no provider gives.
    pub async fn follow_subscription(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        provider: ProviderCode,
        subscription_id: &str,
    ) -> Result<(), PaymentError> {
        self.provider_with(provider, subscription_id)?;
        let how = Enqueue { unique_key: Some(subscription_id.to_owned()), ..Enqueue::default() };
        let job = FollowSubscription { provider, subscription_id: subscription_id.to_owned() };
        enqueue_with(ctx, tx, &job, how).await?;
        Ok(())
    }

    /// Has the provider asked about a checkout page; what it says arrives as a *begin* or *lapsed* notice, and as none
    /// while the page is open.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`] for a name that no provider gives.
    pub async fn follow_subscription_checkout(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        provider: ProviderCode,
        session_id: &str,
    ) -> Result<(), PaymentError> {
        self.provider_with(provider, session_id)?;
        let how = Enqueue { unique_key: Some(session_id.to_owned()), ..Enqueue::default() };
        let job = FollowSubscriptionCheckout { provider, session_id: session_id.to_owned() };
        enqueue_with(ctx, tx, &job, how).await?;
        Ok(())
    }
}

/// A subscription or checkout of ours as the provider has it; nothing when it is not ours or does not exist.
pub(crate) enum SubscriptionEvent {
    Checkout {
        checkout: Box<SubscriptionCheckout>,
        provider: ProviderCode,
        session_id: String,
        checkout_id: Option<Uuid>,
    },
    Subscription(Box<SubscriptionSnapshot>, Vec<InvoiceSnapshot>),
    Nothing,
}

/// Fetches a checkout.
pub(crate) async fn fetch_checkout(
    payments: &Payments,
    provider: ProviderCode,
    session_id: &str,
) -> Result<SubscriptionEvent, PaymentError> {
    let asked = payments.provider_with(provider, session_id)?;
    let fetched = asked.fetch_subscription_checkout(payments.now(), session_id).await;
    let checkout_id = fetched.as_ref().ok().and_then(|noted| noted.checkout_id);
    Ok(match some(fetched)?.and_then(|noted| payments.ours(noted)) {
        Some(checkout) => SubscriptionEvent::Checkout {
            checkout: Box::new(checkout),
            provider,
            session_id: session_id.to_owned(),
            checkout_id,
        },
        None => SubscriptionEvent::Nothing,
    })
}

/// Fetches a subscription alone.
pub(crate) async fn fetch_subscription(
    payments: &Payments,
    provider: ProviderCode,
    subscription_id: &str,
) -> Result<SubscriptionEvent, PaymentError> {
    let asked = payments.provider_with(provider, subscription_id)?;
    let fetched = asked.fetch_subscription(payments.now(), subscription_id).await;
    Ok(match some(fetched)?.and_then(|noted| payments.ours(noted)) {
        Some(subscription) => SubscriptionEvent::Subscription(Box::new(subscription), Vec::new()),
        None => SubscriptionEvent::Nothing,
    })
}

/// Fetches an invoice and its subscription.
pub(crate) async fn fetch_invoice(
    payments: &Payments,
    provider: ProviderCode,
    invoice_id: &str,
) -> Result<SubscriptionEvent, PaymentError> {
    let asked = payments.provider_with(provider, invoice_id)?;
    let Some(invoice) = some(asked.fetch_invoice(invoice_id).await)? else {
        return Ok(SubscriptionEvent::Nothing);
    };
    let Some(subscription_id) = &invoice.subscription_id else { return Ok(SubscriptionEvent::Nothing) };
    Ok(match fetch_subscription(payments, provider, subscription_id).await? {
        SubscriptionEvent::Subscription(subscription, _) => {
            SubscriptionEvent::Subscription(subscription, vec![invoice])
        }
        other => other,
    })
}

fn some<T>(fetched: Result<T, ProviderError>) -> Result<Option<T>, PaymentError> {
    match fetched {
        Ok(value) => Ok(Some(value)),
        Err(ProviderError::Missing) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Notifies the owner, in the transaction that records the event as handled; false when there is nothing of ours.
pub(crate) async fn notify(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    event: SubscriptionEvent,
) -> Result<bool, PaymentError> {
    let routes = payments.subscription_routes();
    match event {
        SubscriptionEvent::Nothing => return Ok(false),
        SubscriptionEvent::Checkout { checkout, provider, session_id, checkout_id } => match (*checkout, checkout_id) {
            (SubscriptionCheckout::Completed(completed), _) => routes.begun(ctx, tx, *completed).await?,
            (SubscriptionCheckout::Expired, Some(checkout_id)) => {
                routes.lapsed(ctx, tx, CheckoutLapsed { provider, session_id, checkout_id }).await?;
            }
            (SubscriptionCheckout::Expired | SubscriptionCheckout::Open, _) => {}
        },
        SubscriptionEvent::Subscription(subscription, invoices) => {
            routes.changed(ctx, tx, (*subscription).clone()).await?;
            // The oldest first, as their events would have come.
            for invoice in invoices.into_iter().rev().filter(|invoice| invoice.status != InvoiceStatus::Draft) {
                routes.invoiced(ctx, tx, InvoiceNotice { invoice, subscription: (*subscription).clone() }).await?;
            }
        }
    }
    Ok(true)
}

pub(crate) async fn follow(payments: Payments, run: JobRun<FollowSubscription>) -> Result<(), JobError> {
    let FollowSubscription { provider: code, subscription_id: id } = &run.job;
    let provider = payments.provider_with(*code, id)?;
    let event = match fetch_subscription(&payments, *code, id).await? {
        SubscriptionEvent::Subscription(subscription, _) => {
            SubscriptionEvent::Subscription(subscription, provider.invoices_of(id).await.map_err(PaymentError::from)?)
        }
        other => other,
    };
    finish(&payments, &run, event).await
}

pub(crate) async fn follow_checkout(
    payments: Payments,
    run: JobRun<FollowSubscriptionCheckout>,
) -> Result<(), JobError> {
    let event = fetch_checkout(&payments, run.job.provider, &run.job.session_id).await?;
    finish(&payments, &run, event).await
}

async fn finish<J: Job>(payments: &Payments, run: &JobRun<J>, event: SubscriptionEvent) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let notified = notify(payments, &run.ctx, &mut tx, event).await?;
    run.finish(&mut tx, &json!({"notified": notified})).await?;
    tx.commit().await?;
    Ok(())
}
