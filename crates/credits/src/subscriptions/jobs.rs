//! The jobs by which payments tells of subscriptions, and those that recur.

use payments::subscriptions::{CheckoutCompleted, CheckoutLapsed, InvoiceNotice, SubscriptionSnapshot};
use platform::jobs::{Job, JobError, JobRun, Registry};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;

use super::dunning::{self, MoveDunningStates};
use super::{at_provider, begin, follow, reconcile};
use crate::checkout::queries as checkouts;
use crate::checkout::reconcile::{FollowCheckouts, follow_silent as follow_checkouts};
use crate::ids::CheckoutId;
use crate::invoices::give::{self, GrantMonths};
use crate::invoices::refunded;
use crate::state::Billing;

/// A checkout has begun a subscription at the provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BeginSubscription(pub CheckoutCompleted);

/// A subscription has changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriptionChanged(pub SubscriptionSnapshot);

/// An invoice was made, paid, missed or withdrawn.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriptionInvoiced(pub InvoiceNotice);

/// Nobody can pay at this checkout any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LapseCheckout {
    checkout_id: CheckoutId,
}

// Somebody has paid: each of these is tried for days before an operator has to look.
impl Job for BeginSubscription {
    const NAME: &'static str = "credits.begin_subscription";
    const MAX_ATTEMPTS: i32 = 80;
    const PRIORITY: i16 = 10;
}

impl Job for SubscriptionChanged {
    const NAME: &'static str = "credits.subscription_changed";
    const MAX_ATTEMPTS: i32 = 80;
}

impl Job for SubscriptionInvoiced {
    const NAME: &'static str = "credits.subscription_invoiced";
    const MAX_ATTEMPTS: i32 = 80;
    const PRIORITY: i16 = 10;
}

impl Job for LapseCheckout {
    const NAME: &'static str = "credits.lapse_checkout";
}

impl From<CheckoutCompleted> for BeginSubscription {
    fn from(completed: CheckoutCompleted) -> Self {
        Self(completed)
    }
}

impl From<SubscriptionSnapshot> for SubscriptionChanged {
    fn from(snapshot: SubscriptionSnapshot) -> Self {
        Self(snapshot)
    }
}

impl From<InvoiceNotice> for SubscriptionInvoiced {
    fn from(notice: InvoiceNotice) -> Self {
        Self(notice)
    }
}

impl From<CheckoutLapsed> for LapseCheckout {
    fn from(lapsed: CheckoutLapsed) -> Self {
        Self { checkout_id: CheckoutId(lapsed.checkout_id) }
    }
}

/// The queued work of subscriptions, their checkouts and their invoices.
pub(crate) fn registry(billing: &Billing) -> Registry {
    Registry::new()
        .on(with(billing, begun))
        .on(with(billing, changed))
        .on(with(billing, invoiced))
        .on(with(billing, lapsed))
        .on(with(billing, refunded::on_refunded))
        .on(with(billing, at_provider::end))
        .on(with(billing, at_provider::note))
        .on(with(billing, dunning::move_due))
        .every(Duration::minutes(10), &MoveDunningStates {})
        .on(with(billing, give::grant_due))
        .every(Duration::minutes(10), &GrantMonths {})
        .on(with(billing, reconcile::follow_silent))
        .every(Duration::minutes(15), &reconcile::FollowSilent {})
        .on(with(billing, follow_checkouts))
        .every(Duration::minutes(5), &FollowCheckouts {})
}

/// A job handler that also takes the state.
pub(crate) fn with<J, F, Fut>(billing: &Billing, handler: F) -> impl Fn(JobRun<J>) -> Fut + Clone + use<J, F, Fut>
where
    J: Job,
    F: Fn(Billing, JobRun<J>) -> Fut + Clone,
{
    let billing = billing.clone();
    move |run| handler(billing.clone(), run)
}

async fn begun(billing: Billing, run: JobRun<BeginSubscription>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    begin::begin(&billing, &run.ctx, &mut tx, &run.job.0).await?;
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

async fn changed(billing: Billing, run: JobRun<SubscriptionChanged>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    follow::follow(&billing, &run.ctx, &mut tx, &run.job.0, None).await?;
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

async fn invoiced(billing: Billing, run: JobRun<SubscriptionInvoiced>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let notice = &run.job.0;
    follow::follow(&billing, &run.ctx, &mut tx, &notice.subscription, Some(&notice.invoice)).await?;
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

async fn lapsed(_: Billing, run: JobRun<LapseCheckout>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    checkouts::lapse(&run.ctx, &mut tx, run.job.checkout_id).await?;
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}
