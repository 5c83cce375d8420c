//! The job that posts an event to the webhook, over HTTP and signed, as often as it takes.

use std::time::Duration;

use platform::jobs::{JobError, JobRun};
use serde_json::json;

use super::events::DeliverSandboxEvent;
use super::queries;
use super::receive::SIGNATURE_HEADER;
use crate::error::PaymentError;
use crate::providers::stripe::signature;
use crate::state::Payments;

/// One delivery, in milliseconds.
const TIMEOUT_MS: u64 = 10_000;

/// Signs, where the sandbox does, and posts to our own public address; anything but 2xx is tried again.
pub(crate) async fn deliver(payments: Payments, run: JobRun<DeliverSandboxEvent>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let body = queries::undelivered(&mut tx, &run.job.event_id).await?;
    tx.commit().await?;
    let (Some(body), Some(sandbox)) = (body, payments.sandbox()) else { return Ok(()) };
    let mut request = run
        .app
        .http
        .post(run.app.config.absolute_url("/api/webhooks/sandbox"))
        .timeout(Duration::from_millis(TIMEOUT_MS))
        .header("content-type", "application/json");
    if sandbox.behaviour().signs_events {
        request = request.header(SIGNATURE_HEADER, signature::sign(sandbox.secret(), run.ctx.now(), body.as_bytes()));
    }
    let answer = request.body(body).send().await;
    let status = answer.ok().map(|answer| answer.status());
    let mut tx = run.begin().await?;
    queries::count_delivery(&run.ctx, &mut tx, &run.job.event_id, status.map(|status| status.as_u16())).await?;
    if status.is_some_and(|status| status.is_success()) {
        run.finish(&mut tx, &json!({})).await?;
        tx.commit().await?;
        return Ok(());
    }
    tx.commit().await?;
    let outcome = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    Err(PaymentError::ProviderUnavailable(outcome).into())
}
