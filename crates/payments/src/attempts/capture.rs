//! The job that captures what a buyer has approved, at a provider that waits for it.

use platform::jobs::{JobError, JobRun};
use serde_json::json;

use super::apply::{apply, end_declined, lock};
use super::close::close;
use super::jobs::CaptureAttempt;
use super::model::AttemptState;
use crate::error::PaymentError;
use crate::providers::error::ProviderError;
use crate::state::Payments;

/// Captures the attempt, or withdraws it when its payment was decided meanwhile.
pub(crate) async fn capture(payments: Payments, run: JobRun<CaptureAttempt>) -> Result<(), JobError> {
    let id = run.job.attempt_id;
    let mut tx = run.begin().await?;
    let (payment, attempt) = lock(&mut tx, id).await?;
    tx.commit().await?;
    let (AttemptState::Authorized, Some(session_id)) = (&attempt.state, &attempt.session_id) else { return Ok(()) };
    let provider = payments.provider(attempt.provider)?;
    let answer = if payment.status.is_open() {
        match provider.fetch_checkout(session_id).await {
            Ok(checkout) => provider.capture(&format!("capture:{id}"), &checkout).await,
            Err(error) => Err(error),
        }
    } else {
        close(&provider, session_id).await
    };
    let mut tx = run.begin().await?;
    match answer {
        Ok(snapshot) => {
            apply(&payments, &run.ctx, &mut tx, id, &snapshot).await?;
        }
        Err(ProviderError::Declined(code)) => {
            end_declined(&payments, &run.ctx, &mut tx, id, &code).await?;
        }
        Err(error) => return Err(PaymentError::from(error).into()),
    }
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}
