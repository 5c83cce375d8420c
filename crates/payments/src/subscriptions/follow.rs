//! Asking about subscriptions of which nothing was heard: a lost event heals. Who knows which ones those are (credits)
//! asks for it; the answer takes the same way as an event's.

use kernel::Ctx;
use platform::Tx;
use platform::jobs::{Enqueue, Job, JobError, JobRun, enqueue_with};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    CheckoutLapsed, InvoiceNotice, InvoiceSnapshot, InvoiceStatus, SubscriptionCheckout, SubscriptionSnapshot,
};
use crate::providers::ProviderError;
use crate::{PaymentError, Payments};

/// Ask about this subscription and its newest invoices.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FollowSubscription {
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
    pub async fn follow_subscription(&self, ctx: &Ctx, tx: &mut Tx, subscription_id: &str) -> Result<(), PaymentError> {
        self.provider_of(subscription_id)?;
        let how = Enqueue { unique_key: Some(subscription_id.to_owned()), ..Enqueue::default() };
        enqueue_with(ctx, tx, &FollowSubscription { subscription_id: subscription_id.to_owned() }, how).await?;
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
        session_id: &str,
    ) -> Result<(), PaymentError> {
        self.provider_of(session_id)?;
        let how = Enqueue { unique_key: Some(session_id.to_owned()), ..Enqueue::default() };
        enqueue_with(ctx, tx, &FollowSubscriptionCheckout { session_id: session_id.to_owned() }, how).await?;
        Ok(())
    }
}

/// What a provider said of one thing that is ours; nothing when it is not ours or not there.
pub(crate) enum Heard {
    Checkout(Box<SubscriptionCheckout>, String, Option<uuid::Uuid>),
    Subscription(Box<SubscriptionSnapshot>, Vec<InvoiceSnapshot>),
    Nothing,
}

/// Fetches a checkout.
pub(crate) async fn hear_checkout(payments: &Payments, session_id: &str) -> Result<Heard, PaymentError> {
    let fetched = payments.provider_of(session_id)?.fetch_subscription_checkout(payments.now(), session_id).await;
    let checkout_id = fetched.as_ref().ok().and_then(|noted| noted.checkout_id);
    Ok(match some(fetched)?.and_then(|noted| payments.ours(noted)) {
        Some(checkout) => Heard::Checkout(Box::new(checkout), session_id.to_owned(), checkout_id),
        None => Heard::Nothing,
    })
}

/// Fetches a subscription alone.
pub(crate) async fn hear_subscription(payments: &Payments, subscription_id: &str) -> Result<Heard, PaymentError> {
    let fetched = payments.provider_of(subscription_id)?.fetch_subscription(payments.now(), subscription_id).await;
    Ok(match some(fetched)?.and_then(|noted| payments.ours(noted)) {
        Some(subscription) => Heard::Subscription(Box::new(subscription), Vec::new()),
        None => Heard::Nothing,
    })
}

/// Fetches an invoice and its subscription.
pub(crate) async fn hear_invoice(payments: &Payments, invoice_id: &str) -> Result<Heard, PaymentError> {
    let Some(invoice) = some(payments.provider_of(invoice_id)?.fetch_invoice(invoice_id).await)? else {
        return Ok(Heard::Nothing);
    };
    let Some(subscription_id) = &invoice.subscription_id else { return Ok(Heard::Nothing) };
    Ok(match hear_subscription(payments, subscription_id).await? {
        Heard::Subscription(subscription, _) => Heard::Subscription(subscription, vec![invoice]),
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

/// Tells the owner what was heard, in the transaction that records that it was; false when that was nothing.
pub(crate) async fn tell(payments: &Payments, ctx: &Ctx, tx: &mut Tx, heard: Heard) -> Result<bool, PaymentError> {
    let routes = payments.subscription_routes();
    match heard {
        Heard::Nothing => return Ok(false),
        Heard::Checkout(checkout, session_id, checkout_id) => match (*checkout, checkout_id) {
            (SubscriptionCheckout::Completed(completed), _) => routes.begun(ctx, tx, *completed).await?,
            (SubscriptionCheckout::Expired, Some(checkout_id)) => {
                let provider = crate::providers::ProviderCode::of_name(&session_id);
                routes.lapsed(ctx, tx, CheckoutLapsed { provider, session_id, checkout_id }).await?;
            }
            (SubscriptionCheckout::Expired | SubscriptionCheckout::Open, _) => {}
        },
        Heard::Subscription(subscription, invoices) => {
            routes.changed(ctx, tx, (*subscription).clone()).await?;
            // The oldest first, as they would have been heard of.
            for invoice in invoices.into_iter().rev().filter(|invoice| invoice.status != InvoiceStatus::Draft) {
                routes.invoiced(ctx, tx, InvoiceNotice { invoice, subscription: (*subscription).clone() }).await?;
            }
        }
    }
    Ok(true)
}

pub(crate) async fn follow(payments: Payments, run: JobRun<FollowSubscription>) -> Result<(), JobError> {
    let id = &run.job.subscription_id;
    let provider = payments.provider_of(id)?;
    let heard = match hear_subscription(&payments, id).await? {
        Heard::Subscription(subscription, _) => {
            Heard::Subscription(subscription, provider.invoices_of(id).await.map_err(PaymentError::from)?)
        }
        other => other,
    };
    finish(&payments, &run, heard).await
}

pub(crate) async fn follow_checkout(
    payments: Payments,
    run: JobRun<FollowSubscriptionCheckout>,
) -> Result<(), JobError> {
    let heard = hear_checkout(&payments, &run.job.session_id).await?;
    finish(&payments, &run, heard).await
}

async fn finish<J: Job>(payments: &Payments, run: &JobRun<J>, heard: Heard) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let told = tell(payments, &run.ctx, &mut tx, heard).await?;
    run.finish(&mut tx, &json!({"told": told})).await?;
    tx.commit().await?;
    Ok(())
}
