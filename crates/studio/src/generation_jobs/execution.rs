//! What executions of every kind have in common: beginning, counting what may have been billed, and ending without a
//! result.

use anyhow::anyhow;
use credits::holds::ReleaseReason;
use kernel::{AiJobId, GenerationId};
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde_json::json;
use time::Duration;

use super::model::{INTERRUPTED, UNKNOWN_CALLS_MAX, Work};
use super::strays::remove_strays_later;
use super::{charging, queries};
use crate::generations::model::GenerationStatus;
use crate::models::queries as models;
use crate::providers::attempts::Attempt;
use crate::providers::model::Failure;

/// Reads what is to be made and marks it as begun; `None` when it has ended meanwhile.
pub(super) async fn begin<J: Job>(run: &JobRun<J>, id: AiJobId) -> Result<Option<Work>, JobError> {
    let mut tx = run.begin().await?;
    let Some(work) = queries::work(&mut tx, id).await?.filter(|work| !work.status.is_final()) else { return Ok(None) };
    if !charging::is_held(&mut tx, work.generation_id).await? {
        // The program was down for days and the hold has lapsed: what is not paid for is not made.
        end_without_result(run, &mut tx, id, work.generation_id, GenerationStatus::Failed, INTERRUPTED).await?;
        run.fail(&mut tx, &json!({"generationId": work.generation_id, "error": INTERRUPTED}), "its hold lapsed")
            .await?;
        tx.commit().await?;
        return Ok(None);
    }
    queries::set_status(&mut tx, work.generation_id, GenerationStatus::Processing, None, run.ctx.now()).await?;
    queries::start(&mut tx, id, run.attempt, run.ctx.now()).await?;
    tx.commit().await?;
    Ok(Some(work))
}

/// Keeps the count of what may have been billed; returns how many calls ended with an unknown outcome.
pub(super) async fn count<J: Job, T>(
    run: &JobRun<J>,
    id: AiJobId,
    work: &Work,
    attempt: &Attempt<T>,
) -> Result<i32, JobError> {
    let calls = i32::try_from(attempt.calls).unwrap_or(i32::MAX);
    let unknown = i32::from(matches!(attempt.result, Err(Failure::Unknown { .. })));
    let mut tx = run.begin().await?;
    let billed = attempt.result.is_ok() || unknown > 0;
    let model = models::exactly(&mut tx, work.provider, &work.model).await?;
    // An unknown price adds nothing; the calls are counted all the same.
    let cost = model.filter(|_| billed).and_then(|model| model.cost_micro_usd(work.size.as_deref())).unwrap_or(0);
    queries::count_calls(&mut tx, id, calls, unknown, cost, run.ctx.now()).await?;
    tx.commit().await?;
    Ok(unknown)
}

/// Has the queue try again where that may help, else ends the execution.
pub(super) async fn give_up_or_retry<J: Job>(
    run: &JobRun<J>,
    id: AiJobId,
    work: &Work,
    failure: &Failure,
    unknown_calls: i32,
) -> Result<(), JobError> {
    let worth_another = match failure {
        Failure::Retryable { .. } => !run.is_last_attempt(),
        Failure::Unknown { .. } => unknown_calls < UNKNOWN_CALLS_MAX && !run.is_last_attempt(),
        Failure::Refused { .. }
        | Failure::QuotaExhausted
        | Failure::BadAnswer { .. }
        | Failure::Misconfigured { .. } => false,
    };
    if worth_another {
        let after = match failure {
            Failure::Retryable { after: Some(after), .. } => Duration::try_from(*after).ok(),
            _ => None,
        };
        return Err(JobError::Retry { after, reason: anyhow!("{failure}") });
    }
    fail(run, id, work, failure.code(), &failure.to_string()).await
}

/// Ends the execution without a result and at no cost, in one transaction with the job.
pub(super) async fn fail<J: Job>(
    run: &JobRun<J>,
    id: AiJobId,
    work: &Work,
    code: &'static str,
    reason: &str,
) -> Result<(), JobError> {
    let status = if code.starts_with("refused_") { GenerationStatus::Refused } else { GenerationStatus::Failed };
    let mut tx = run.begin().await?;
    end_without_result(run, &mut tx, id, work.generation_id, status, code).await?;
    run.fail(&mut tx, &json!({"generationId": work.generation_id, "error": code}), reason).await?;
    tx.commit().await?;
    Ok(())
}

async fn end_without_result<J: Job>(
    run: &JobRun<J>,
    tx: &mut Tx,
    id: AiJobId,
    generation_id: GenerationId,
    status: GenerationStatus,
    code: &str,
) -> Result<(), JobError> {
    let now = run.ctx.now();
    queries::set_status(tx, generation_id, status, Some(code), now).await?;
    queries::end(tx, id, status, Some(code), now).await?;
    let reason = match (status, code) {
        (GenerationStatus::Refused, _) => ReleaseReason::Refused,
        (_, "provider_timeout") => ReleaseReason::TimedOut,
        _ => ReleaseReason::Failed,
    };
    charging::release(&run.ctx, tx, generation_id, reason).await?;
    remove_strays_later(&run.ctx, tx, generation_id).await
}

/// The attempts ran out: workers died, or the storage stayed away.
pub(super) async fn end_interrupted<J: Job>(run: &JobRun<J>, generation_id: GenerationId) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let (id, failed) = (AiJobId(run.id.0), GenerationStatus::Failed);
    end_without_result(run, &mut tx, id, generation_id, failed, INTERRUPTED).await?;
    tx.commit().await?;
    Ok(())
}
