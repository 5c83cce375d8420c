//! Fails executions whose job is gone: otherwise the same request would wait for them for ever.

use std::collections::HashSet;

use credits::holds::ReleaseReason;
use kernel::{AiJobId, JobId};
use platform::jobs::{self, JobError, JobRun};

use super::model::{INTERRUPTED, SettleOrphans};
use super::strays::remove_strays_later;
use super::{charging, queries};
use crate::generations::model::GenerationStatus;

/// Executions that one run looks at.
const BATCH: i64 = 10_000;

/// Fails every open execution whose job has ended or was deleted, and releases what is held for it.
pub(super) async fn settle_orphans(run: JobRun<SettleOrphans>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let open: Vec<JobId> = queries::open(&mut tx, BATCH).await?.into_iter().map(|id| JobId(id.0)).collect();
    let alive: HashSet<JobId> = jobs::unfinished(&mut tx, &open).await?.into_iter().collect();
    let orphans: Vec<AiJobId> = open.iter().filter(|id| !alive.contains(id)).map(|id| AiJobId(id.0)).collect();
    for (id, generation_id) in queries::lock_open(&mut tx, &orphans).await? {
        let now = run.ctx.now();
        queries::set_status(&mut tx, generation_id, GenerationStatus::Failed, Some(INTERRUPTED), now).await?;
        charging::release(&run.ctx, &mut tx, generation_id, ReleaseReason::Failed).await?;
        remove_strays_later(&run.ctx, &mut tx, generation_id).await?;
        queries::end(&mut tx, id, GenerationStatus::Failed, Some(INTERRUPTED), now).await?;
    }
    tx.commit().await?;
    Ok(())
}
