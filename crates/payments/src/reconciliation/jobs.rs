//! The recurring job, and the job for one attempt.

use platform::jobs::{Enqueue, Job, JobError, JobRun, enqueue_with};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;

use super::{check, queries};
use crate::attempts::jobs::CheckAttempt;
use crate::refunds::jobs::IssueRefund;
use crate::state::Payments;
use crate::webhook_inbox::jobs::HandleEvent;
use crate::webhook_inbox::queries as inbox;

/// An event that has waited this long has lost its job.
const EVENT_OVERDUE: Duration = Duration::minutes(15);
/// How long the body of a handled event is kept.
const BODY_KEPT: Duration = Duration::days(30);

/// Look for what is due.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reconcile {}

impl Job for Reconcile {
    const NAME: &'static str = "payments.reconcile";
    const MAX_ATTEMPTS: i32 = 1;
}

/// Enqueues a job for every attempt, refund and event that is due; each succeeds or fails by itself.
pub(crate) async fn reconcile(run: JobRun<Reconcile>) -> Result<(), JobError> {
    let now = run.ctx.now();
    let mut tx = run.begin().await?;
    for attempt_id in queries::take_due_attempts(&run.ctx, &mut tx).await? {
        let how = Enqueue { unique_key: Some(attempt_id.to_string()), ..Enqueue::default() };
        enqueue_with(&run.ctx, &mut tx, &CheckAttempt { attempt_id }, how).await?;
    }
    for refund_id in queries::take_due_refunds(&run.ctx, &mut tx).await? {
        let how = Enqueue { unique_key: Some(refund_id.to_string()), ..Enqueue::default() };
        enqueue_with(&run.ctx, &mut tx, &IssueRefund { refund_id }, how).await?;
    }
    for inbox_id in inbox::overdue(&mut tx, now - EVENT_OVERDUE).await? {
        let how = Enqueue { unique_key: Some(format!("overdue:{inbox_id}")), ..Enqueue::default() };
        enqueue_with(&run.ctx, &mut tx, &HandleEvent { inbox_id }, how).await?;
    }
    inbox::drop_bodies(&mut tx, now - BODY_KEPT).await?;
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Checks one attempt. When that fails, the reconciler comes again at the time that it has set.
pub(crate) async fn check_attempt(payments: Payments, run: JobRun<CheckAttempt>) -> Result<(), JobError> {
    check::check(&payments, &run.ctx, run.job.attempt_id).await?;
    Ok(())
}
