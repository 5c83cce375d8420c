//! Cancelling: the owner does not want the picture any more.

use credits::holds::ReleaseReason;
use kernel::{AiJobId, Ctx, JobId, UserId};
use platform::jobs::{self, Enqueue};
use platform::{Problem, Tx};
use time::Duration;

use super::{charging, queries};
use crate::deletion::remove_files::RemoveFiles;
use crate::generations::model::GenerationStatus;

/// Ends an open execution. A request that the provider is already working on may still be billed to the platform, never to
/// the owner; its answer is dropped.
///
/// # Errors
/// 404 for an execution that is not the account's; 409 when it has ended.
pub(crate) async fn cancel(ctx: &Ctx, tx: &mut Tx, user_id: UserId, id: AiJobId) -> Result<(), Problem> {
    let (generation_id, status) = queries::lock(tx, user_id, id).await?.ok_or_else(Problem::not_found)?;
    if status.is_final() {
        return Err(Problem::conflict("job_has_ended"));
    }
    let (now, cancelled) = (ctx.now(), GenerationStatus::Cancelled);
    jobs::cancel(ctx, tx, JobId(id.0)).await?;
    queries::set_status(tx, generation_id, cancelled, None, now).await?;
    queries::end(tx, id, cancelled, None, now).await?;
    charging::release(ctx, tx, generation_id, ReleaseReason::Cancelled).await?;
    // A worker that is storing at this moment leaves files behind, which it has announced.
    let how = Enqueue { run_at: Some(now + Duration::minutes(15)), ..Enqueue::default() };
    jobs::enqueue_with(ctx, tx, &RemoveFiles { generation_id }, how).await?;
    Ok(())
}
