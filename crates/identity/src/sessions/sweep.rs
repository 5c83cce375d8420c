//! Deletes sessions that ended long ago.

use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::queries;

/// How long an ended session is kept, for the account's export and for investigations.
const KEPT: Duration = Duration::days(30);

/// Deletes sessions that ended more than 30 days ago.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SweepSessions {}

impl Job for SweepSessions {
    const NAME: &'static str = "identity.sweep_sessions";
}

/// Deletes in batches of one transaction each until nothing is left to delete.
pub(super) async fn sweep_sessions(run: JobRun<SweepSessions>) -> Result<(), JobError> {
    loop {
        let mut tx = run.begin().await?;
        let deleted = queries::sweep(&mut tx, run.ctx.now() - KEPT).await?;
        if deleted == 0 {
            run.finish(&mut tx, &serde_json::Value::Null).await?;
            tx.commit().await?;
            return Ok(());
        }
        tx.commit().await?;
    }
}
