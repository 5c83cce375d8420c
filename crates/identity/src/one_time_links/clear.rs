//! Removes used and expired links from stored mails.

use platform::jobs::{Job, JobError, JobRun};
use platform::mail;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::queries;

/// Links per transaction.
const BATCH: i64 = 500;
/// How long an ended link is kept, so that whoever opens it late is told why it does not work.
const KEPT: Duration = Duration::days(90);

/// Removes ended links from stored mails and deletes links that ended more than 90 days ago.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ClearLinks {}

impl Job for ClearLinks {
    const NAME: &'static str = "identity.clear_links";
}

/// Works in batches until nothing is left to clear. A mail that still waits to be sent is cleared by a later run.
pub(super) async fn clear_links(run: JobRun<ClearLinks>) -> Result<(), JobError> {
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
        queries::sweep(&mut tx, now - KEPT).await?;
        if cleared == 0 || i64::try_from(ended.len()).unwrap_or(BATCH) < BATCH {
            run.finish(&mut tx, &serde_json::json!({"cleared": cleared})).await?;
            tx.commit().await?;
            return Ok(());
        }
        tx.commit().await?;
    }
}
