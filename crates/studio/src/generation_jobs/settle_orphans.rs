//! Heals executions that nobody ends: otherwise the same request would wait for them for ever.

use credits::holds::ReleaseReason;
use platform::jobs::{JobError, JobRun};

use super::generate_image::sweep_later;
use super::model::{INTERRUPTED, SettleOrphans};
use super::{charging, queries};
use crate::generations::GenerationStatus;

/// Fails every open execution whose job has ended or is forgotten, and gives back what was held for it.
pub(super) async fn settle_orphans(run: JobRun<SettleOrphans>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    for (id, generation_id) in queries::orphans(&mut tx).await? {
        let now = run.ctx.now();
        queries::set_status(&mut tx, generation_id, GenerationStatus::Failed, Some(INTERRUPTED), now).await?;
        charging::give_back(&run.ctx, &mut tx, generation_id, ReleaseReason::Failed).await?;
        sweep_later(&run.ctx, &mut tx, generation_id).await?;
        queries::end(&mut tx, id, GenerationStatus::Failed, Some(INTERRUPTED), now).await?;
    }
    tx.commit().await?;
    Ok(())
}
