//! What the platform does at the provider by itself: a queued call each, so that no transaction waits for the network.

use std::collections::BTreeMap;

use kernel::{Ctx, UserId};
use payments::PaymentError;
use payments::providers::ProviderCode;
use platform::jobs::{Enqueue, Job, JobError, JobRun, enqueue, enqueue_with};
use platform::{DatabaseError, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::Subscription;
use crate::state::Billing;

/// End a subscription at the provider, and withdraw what is unpaid of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EndAtProvider {
    provider: ProviderCode,
    subscription_id: String,
}

impl Job for EndAtProvider {
    const NAME: &'static str = "credits.end_at_provider";
    // Somebody would go on paying: this is tried for days before an operator has to look.
    const MAX_ATTEMPTS: i32 = 80;
}

/// Write on a customer at the provider which account it belongs to.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NoteCustomer {
    provider: ProviderCode,
    customer_id: String,
    user_id: UserId,
}

impl Job for NoteCustomer {
    const NAME: &'static str = "credits.note_customer";
    const MAX_ATTEMPTS: i32 = 20;
}

/// Has a subscription ended at the provider, and its unpaid invoice withdrawn.
pub(crate) async fn end_at_provider(ctx: &Ctx, tx: &mut Tx, subscription: &Subscription) -> Result<(), DatabaseError> {
    let subscription_id = subscription.provider_subscription_id.clone();
    let how = Enqueue { unique_key: Some(subscription_id.clone()), ..Enqueue::default() };
    enqueue_with(ctx, tx, &EndAtProvider { provider: subscription.provider, subscription_id }, how).await?;
    Ok(())
}

/// Has the account noted on the customer at the provider.
pub(super) async fn note_customer(
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &Subscription,
    user_id: UserId,
) -> Result<(), DatabaseError> {
    let customer_id = subscription.provider_customer_id.clone();
    enqueue(ctx, tx, &NoteCustomer { provider: subscription.provider, customer_id, user_id }).await?;
    Ok(())
}

pub(super) async fn end(billing: Billing, run: JobRun<EndAtProvider>) -> Result<(), JobError> {
    let EndAtProvider { provider, subscription_id: id } = &run.job;
    match billing.payments().cancel_now(*provider, id, &format!("end:{id}")).await {
        Ok(_) | Err(PaymentError::SubscriptionOver) => {}
        Err(PaymentError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    // What became of the unpaid invoice is asked for, so that a lost event leaves nothing open here.
    let mut tx = run.begin().await?;
    billing.payments().follow_subscription(&run.ctx, &mut tx, *provider, id).await?;
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn note(billing: Billing, run: JobRun<NoteCustomer>) -> Result<(), JobError> {
    let notes = BTreeMap::from([("userId".to_owned(), run.job.user_id.to_string())]);
    match billing.payments().note_customer(run.job.provider, &run.job.customer_id, &notes).await {
        Ok(()) | Err(PaymentError::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
