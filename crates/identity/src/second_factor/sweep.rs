//! Deletes expired challenges, passkey ceremonies and OIDC flows.

use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::queries;

/// How long an expired row is kept, so that whoever comes late is told that it has ended.
const KEPT: Duration = Duration::hours(24);

/// Deletes challenges, ceremonies and flows that expired more than 24 hours ago.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SweepChallenges {}

impl Job for SweepChallenges {
    const NAME: &'static str = "identity.sweep_challenges";
}

/// Deletes in batches of one transaction each until nothing is left to delete.
pub(super) async fn sweep_challenges(run: JobRun<SweepChallenges>) -> Result<(), JobError> {
    let mut deleted = 0;
    loop {
        let mut tx = run.begin().await?;
        let count = queries::sweep(&mut tx, run.ctx.now() - KEPT).await?;
        deleted += count;
        if count == 0 {
            run.finish(&mut tx, &serde_json::json!({"deleted": deleted})).await?;
            tx.commit().await?;
            return Ok(());
        }
        tx.commit().await?;
    }
}
