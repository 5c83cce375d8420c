//! Deletes the files of expired exports.

use platform::jobs::{Job, JobError, JobRun};
use platform::storage::StorageKey;
use serde::{Deserialize, Serialize};

use super::queries;

/// Deletes the files of exports that expired.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DeleteExpiredExports {}

impl Job for DeleteExpiredExports {
    const NAME: &'static str = "identity.delete_expired_exports";
}

pub(super) async fn delete_expired(run: JobRun<DeleteExpiredExports>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let expired = queries::expired(&mut tx, run.ctx.now()).await?;
    tx.commit().await?;
    for (_, key) in &expired {
        // The file goes first: a row without a file is deleted by the next run, a file without a row would stay for ever.
        run.app.storage.delete(&StorageKey::new(key.clone()).map_err(JobError::give_up)?).await?;
    }
    let mut tx = run.begin().await?;
    for (id, _) in &expired {
        queries::mark_ended(&mut tx, *id).await?;
    }
    run.finish(&mut tx, &serde_json::json!({"deleted": expired.len()})).await?;
    tx.commit().await?;
    Ok(())
}
