//! Sessions that ended long ago are forgotten.

use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::queries;

/// How long an ended session is remembered, for whoever asks what happened.
const REMEMBERED: Duration = Duration::days(30);

/// Forget sessions that ended long ago.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SweepSessions {}

impl Job for SweepSessions {
    const NAME: &'static str = "identity.sweep_sessions";
}

pub(crate) async fn sweep(run: JobRun<SweepSessions>) -> Result<(), JobError> {
    loop {
        let mut tx = run.begin().await?;
        let forgotten = queries::sweep(&mut tx, run.ctx.now() - REMEMBERED).await?;
        if forgotten == 0 {
            run.finish(&mut tx, &serde_json::Value::Null).await?;
            tx.commit().await?;
            return Ok(());
        }
        tx.commit().await?;
    }
}
