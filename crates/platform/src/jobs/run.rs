//! A running attempt, as its handler sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kernel::{Actor, Ctx, JobId, Locale, RequestId, SystemReason};
use serde::Serialize;
use uuid::Uuid;

use super::model::{Attempt, JobError, JobState};
use super::queries;
use crate::app::App;
use crate::db::error::DatabaseError;
use crate::db::tx::Tx;

/// A running attempt.
pub struct JobRun<J> {
    /// The program.
    pub app: App,
    /// The platform acting, with the request id of whoever enqueued the job.
    pub ctx: Ctx,
    /// The payload.
    pub job: J,
    /// The job's id.
    pub id: JobId,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// The most attempts.
    pub max_attempts: i32,
    lease_token: Uuid,
    has_ended: Arc<AtomicBool>,
}

impl<J> JobRun<J> {
    pub(super) fn new(app: App, job: J, attempt: Attempt) -> Self {
        let Attempt { claimed, has_ended } = attempt;
        let mut ctx = app.ctx(Actor::System(SystemReason::Job), Locale::default());
        ctx.request_id = RequestId(claimed.request_id);
        Self {
            app,
            ctx,
            job,
            id: claimed.id,
            attempt: claimed.attempts,
            max_attempts: claimed.max_attempts,
            lease_token: claimed.lease_token,
            has_ended,
        }
    }

    /// A transaction of the platform.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Tx, DatabaseError> {
        self.app.db.begin_system(SystemReason::Job).await
    }

    /// Whether a failure now would be the last.
    pub const fn is_last_attempt(&self) -> bool {
        self.attempt >= self.max_attempts
    }

    /// Shows the owner the progress: 0 to 99, and a stable word for the present step.
    ///
    /// # Errors
    /// [`JobError::LeaseLost`] when another worker has taken over or the job was cancelled; stop then.
    pub async fn progress(&self, percent: i16, stage: &str) -> Result<(), JobError> {
        let mut tx = self.begin().await?;
        let held =
            queries::progress(&mut tx, self.id, self.lease_token, percent.clamp(0, 99), stage, self.ctx.now()).await?;
        tx.commit().await?;
        if held { Ok(()) } else { Err(JobError::LeaseLost) }
    }

    /// Marks the job as done in the transaction of its effect, and leaves `outcome` for its owner. Commit afterwards.
    ///
    /// # Errors
    /// [`JobError::LeaseLost`] when another worker has taken over or the job was cancelled: drop the transaction, so that
    /// the effect does not happen twice.
    pub async fn finish(&self, tx: &mut Tx, outcome: &(impl Serialize + Sync)) -> Result<(), JobError> {
        self.end(tx, JobState::Succeeded, outcome, None).await
    }

    /// Marks the job as failed for good in the transaction that records the failure; `outcome` says why, for the owner.
    ///
    /// # Errors
    /// As [`JobRun::finish`].
    pub async fn fail(&self, tx: &mut Tx, outcome: &(impl Serialize + Sync), reason: &str) -> Result<(), JobError> {
        self.end(tx, JobState::Failed, outcome, Some(reason)).await
    }

    async fn end(
        &self,
        tx: &mut Tx,
        state: JobState,
        outcome: &(impl Serialize + Sync),
        reason: Option<&str>,
    ) -> Result<(), JobError> {
        let outcome = serde_json::to_value(outcome).map_err(JobError::give_up)?;
        let held =
            queries::finish(tx, self.id, self.lease_token, state, Some(&outcome), reason, self.ctx.now()).await?;
        if !held {
            return Err(JobError::LeaseLost);
        }
        let has_ended = Arc::clone(&self.has_ended);
        tx.forget_after_commit(move || has_ended.store(true, Ordering::Release));
        Ok(())
    }
}
