//! Finding an execution for its owner.

use kernel::{AiJobId, Ctx, JobId};
use platform::{Problem, jobs};

use super::model::Execution;
use super::queries;
use crate::state::Studio;

/// An execution that the caller may see, with the progress of its job for as long as the queue keeps the job.
///
/// # Errors
/// 404 for any other.
pub(crate) async fn visible(studio: &Studio, ctx: &Ctx, id: AiJobId) -> Result<Execution, Problem> {
    let mut tx = studio.app.db.begin_as(ctx).await?;
    let execution = queries::visible(&mut tx, id).await?;
    let job = jobs::visible_job(&mut tx, JobId(id.0)).await?;
    tx.commit().await?;
    let mut execution = execution.ok_or_else(Problem::not_found)?;
    if let Some(job) = job {
        execution.updated_at = execution.updated_at.max(job.updated_at);
        execution.percent = Some(job.progress_percent);
        execution.stage = Some(job.progress_stage);
    }
    Ok(execution)
}
