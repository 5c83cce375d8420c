//! What nobody can answer any more is swept away.

use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::queries;

/// What is over is kept this long, so that whoever comes late is told that it is over.
const REMEMBERED: Duration = Duration::hours(24);

/// Delete challenges, ceremonies and ways to other sites that are over.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SweepChallenges {}

impl Job for SweepChallenges {
    const NAME: &'static str = "identity.sweep_challenges";
}

/// Runs until nothing is left to delete.
pub(crate) async fn sweep(run: JobRun<SweepChallenges>) -> Result<(), JobError> {
    let mut deleted = 0;
    loop {
        let mut tx = run.begin().await?;
        let count = queries::sweep(&mut tx, run.ctx.now() - REMEMBERED).await?;
        deleted += count;
        if count == 0 {
            run.finish(&mut tx, &serde_json::json!({"deleted": deleted})).await?;
            tx.commit().await?;
            return Ok(());
        }
        tx.commit().await?;
    }
}
