//! The job that brings the table in line with the storage, so that the catalogue can be paged at any depth.

use std::collections::BTreeSet;

use platform::jobs::{Job, JobError, JobRun};
use platform::storage::{StorageError, StorageKey};
use serde::{Deserialize, Serialize};

use super::queries;
use crate::state::Studio;

/// Looks at everything under `catalog/`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct IndexCatalog {}

impl Job for IndexCatalog {
    const NAME: &'static str = "studio.index_catalog";
    const MAX_ATTEMPTS: i32 = 2;
    const PRIORITY: i16 = -20;
}

/// What the catalogue shows (the specification's `/\.(png|jpg|jpeg|webp)$/i`, but keys of the platform are lower case).
const EXTENSIONS: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// Adds what is new and drops what is gone. A file is written once under its key, so what is known stays as it is.
pub(super) async fn index_catalog(studio: Studio, run: JobRun<IndexCatalog>) -> Result<(), JobError> {
    let stored: BTreeSet<StorageKey> =
        studio.app.storage.list("catalog/").await?.into_iter().filter(is_picture).collect();
    let mut tx = run.begin().await?;
    let known: BTreeSet<StorageKey> = queries::keys(&mut tx).await?.into_iter().collect();
    tx.commit().await?;

    let mut found = Vec::new();
    for key in stored.difference(&known) {
        match studio.app.storage.head(key).await {
            Ok(file) => found.push(file),
            Err(StorageError::Missing(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let gone: Vec<&StorageKey> = known.difference(&stored).collect();
    let mut tx = run.begin().await?;
    for file in &found {
        queries::insert(&mut tx, run.ctx.new_id(), file).await?;
    }
    queries::delete(&mut tx, &gone).await?;
    run.finish(&mut tx, &serde_json::json!({"added": found.len(), "removed": gone.len()})).await?;
    tx.commit().await?;
    Ok(())
}

fn is_picture(key: &StorageKey) -> bool {
    key.file_name().rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension))
}
