//! The job that removes files: those of deleted pictures, and those that attempts left behind.

use kernel::GenerationId;
use platform::jobs::{Job, JobError, JobRun};
use platform::storage::StorageKey;
use serde::{Deserialize, Serialize};

use super::queries;
use crate::generation_jobs::files::queries as files;
use crate::generation_jobs::queries as generation_jobs;
use crate::generations::model::UNDO_LIFETIME;
use crate::generations::queries as generations;
use crate::state::Studio;

/// Removes what is due of a generation's files; nothing when it was brought back.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct RemoveFiles {
    /// The generation.
    pub generation_id: GenerationId,
}

impl Job for RemoveFiles {
    const NAME: &'static str = "studio.remove_files";
    const MAX_ATTEMPTS: i32 = 20;
    const PRIORITY: i16 = -10;
}

/// Decides under the row's lock, deletes outside of any transaction, forgets the rows last: killed in between, the next
/// attempt deletes the same files again, which changes nothing.
pub(super) async fn remove_files(studio: Studio, run: JobRun<RemoveFiles>) -> Result<(), JobError> {
    let (id, now) = (run.job.generation_id, run.ctx.now());
    let mut tx = run.begin().await?;
    let is_gone = queries::begin_removal(&mut tx, id, now - UNDO_LIFETIME, now).await?;
    let strays = if generation_jobs::is_at_rest(&mut tx, id).await? {
        files::stray_files(&mut tx, id).await?
    } else {
        Vec::new()
    };
    let own = if is_gone { generations::files(&mut tx, id).await? } else { Vec::new() };
    tx.commit().await?;

    let own: Vec<StorageKey> = own.into_iter().map(|file| file.storage_key).collect();
    for key in strays.iter().chain(&own) {
        studio.app.storage.delete(key).await?;
    }

    let mut tx = run.begin().await?;
    if is_gone {
        queries::forget(&mut tx, id, now).await?;
    }
    if is_gone || !strays.is_empty() {
        files::unstage(&mut tx, id).await?;
    }
    run.finish(&mut tx, &serde_json::json!({"removed": strays.len() + own.len()})).await?;
    tx.commit().await?;
    Ok(())
}
