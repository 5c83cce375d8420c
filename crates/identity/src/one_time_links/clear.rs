//! Mails are cleared of links that are over.

use platform::jobs::{Job, JobError, JobRun};
use platform::mail;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::queries;

/// Links cleared in one transaction.
const BATCH: i64 = 500;
/// A link that ended is remembered this long, so that whoever opens it late is told what happened to it.
const REMEMBERED: Duration = Duration::days(90);

/// Clear mails of links that are used or over, and forget links that are long over.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ClearLinks {}

impl Job for ClearLinks {
    const NAME: &'static str = "identity.clear_links";
}

/// Runs until nothing is left to clear; a mail that still waits to be sent is left for the next time.
pub(crate) async fn clear_ended(run: JobRun<ClearLinks>) -> Result<(), JobError> {
    loop {
        let now = run.ctx.now();
        let mut tx = run.begin().await?;
        let ended = queries::ended(&mut tx, now, BATCH).await?;
        let mut cleared = 0;
        for (id, user_id) in &ended {
            if mail::clear_code(&mut tx, *user_id, &id.uuid().simple().to_string()).await? {
                queries::mark_cleared(&mut tx, *id, now).await?;
                cleared += 1;
            }
        }
        queries::sweep(&mut tx, now - REMEMBERED).await?;
        if cleared == 0 || i64::try_from(ended.len()).unwrap_or(BATCH) < BATCH {
            run.finish(&mut tx, &serde_json::json!({"cleared": cleared})).await?;
            tx.commit().await?;
            return Ok(());
        }
        tx.commit().await?;
    }
}
