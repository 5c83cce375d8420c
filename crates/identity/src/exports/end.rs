//! Files end.

use kernel::{Ctx, UserId};
use platform::jobs::{Job, JobError, JobRun};
use platform::storage::StorageKey;
use platform::{DatabaseError, Tx};
use serde::{Deserialize, Serialize};

use super::queries;

/// Delete files whose time is over.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EndExports {}

impl Job for EndExports {
    const NAME: &'static str = "identity.end_exports";
}

pub(super) async fn end_old(run: JobRun<EndExports>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let over = queries::over(&mut tx, run.ctx.now()).await?;
    tx.commit().await?;
    for (_, key) in &over {
        // The file first: a row without a file can be told, a file without a row would stay for ever.
        run.app.storage.delete(&StorageKey::new(key.clone()).map_err(JobError::give_up)?).await?;
    }
    let mut tx = run.begin().await?;
    for (id, _) in &over {
        queries::mark_ended(&mut tx, *id).await?;
    }
    run.finish(&mut tx, &serde_json::json!({"ended": over.len()})).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes every file of a person end, in a transaction of the platform; part of the erasure.
pub(crate) async fn forget(ctx: &Ctx, tx: &mut Tx, user_id: UserId) -> Result<(), DatabaseError> {
    queries::end_all(tx, user_id, ctx.now()).await
}
