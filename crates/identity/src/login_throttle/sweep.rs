//! Deletes old counts of attempts and browsers that were not used for long.

use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::model::RESET_AFTER;
use super::queries;

/// Browsers are forgotten after this long without a visit; their cookie lasts as long.
const DEVICE_KEPT: Duration = Duration::days(400);

/// Deletes counts older than two days and browsers that were not used for 400 days.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SweepLoginAttempts {}

impl Job for SweepLoginAttempts {
    const NAME: &'static str = "identity.sweep_login_attempts";
}

pub(super) async fn sweep_login_attempts(run: JobRun<SweepLoginAttempts>) -> Result<(), JobError> {
    let now = run.ctx.now();
    let mut tx = run.begin().await?;
    let deleted = queries::sweep(&mut tx, now - RESET_AFTER * 2, now - DEVICE_KEPT).await?;
    run.finish(&mut tx, &serde_json::json!({"deleted": deleted})).await?;
    tx.commit().await?;
    Ok(())
}
