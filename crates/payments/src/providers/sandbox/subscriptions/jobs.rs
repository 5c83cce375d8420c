//! The job that advances the clocks of the sandbox's subscriptions.

use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::queries;
use crate::error::PaymentError;
use crate::state::Payments;

/// Let happen what is due.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdvanceSandboxClocks {}

impl Job for AdvanceSandboxClocks {
    const NAME: &'static str = "payments.advance_sandbox_clocks";
    const MAX_ATTEMPTS: i32 = 1;
}

/// Renews, collects and ends what is due, all in one transaction; the rest follows a minute later.
pub(crate) async fn advance(payments: Payments, run: JobRun<AdvanceSandboxClocks>) -> Result<(), JobError> {
    let Some(sandbox) = payments.sandbox() else { return Ok(()) };
    let mut tx = run.begin().await?;
    let due = queries::due_subscriptions(&run.ctx, &mut tx).await.map_err(PaymentError::from)?;
    for id in &due {
        if let Some(opened) = sandbox.load_subscription(&run.ctx, &mut tx, id).await.map_err(PaymentError::from)? {
            sandbox.save_changes(&run.ctx, &mut tx, &opened.run).await.map_err(PaymentError::from)?;
        }
    }
    run.finish(&mut tx, &json!({"advanced": due.len()})).await?;
    tx.commit().await?;
    Ok(())
}
