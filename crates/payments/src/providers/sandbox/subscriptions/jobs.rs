//! The job that lets the sandbox's clocks do by themselves what their page does at a press.

use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::queries;
use crate::{PaymentError, Payments};

/// Let happen what is due.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TurnSandboxClocks {}

impl Job for TurnSandboxClocks {
    const NAME: &'static str = "payments.turn_sandbox_clocks";
    const MAX_ATTEMPTS: i32 = 1;
}

/// Renews, collects and ends what is due, all in one transaction; the rest follows a minute later.
pub(crate) async fn turn(payments: Payments, run: JobRun<TurnSandboxClocks>) -> Result<(), JobError> {
    let Some(sandbox) = payments.sandbox() else { return Ok(()) };
    let mut tx = run.begin().await?;
    let due = queries::due_subscriptions(&run.ctx, &mut tx).await.map_err(PaymentError::from)?;
    for id in &due {
        if let Some(opened) = sandbox.open_books(&run.ctx, &mut tx, id).await.map_err(PaymentError::from)? {
            sandbox.close_books(&run.ctx, &mut tx, &opened.books).await.map_err(PaymentError::from)?;
        }
    }
    run.finish(&mut tx, &json!({"turned": due.len()})).await?;
    tx.commit().await?;
    Ok(())
}
