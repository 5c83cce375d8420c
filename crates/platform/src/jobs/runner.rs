//! Runs claimed jobs and records how they ended.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt as _;
use kernel::{RequestId, SystemReason};
use time::Duration;
use tracing::Instrument as _;

use super::claims::{Claim, Claims};
use super::model::{Attempt, Claimed, JobError, JobState, retry_wait};
use super::queries;
use super::registry::{Kind, Registry};
use crate::app::App;
use crate::db::error::DatabaseError;
use crate::db::tx::Tx;

/// The longest retry wait that a handler may ask for.
const ASKED_WAIT_MAX: Duration = Duration::hours(6);

/// Runs jobs by the handlers of a registry.
#[derive(Clone)]
pub(super) struct Runner {
    app: App,
    registry: Arc<Registry>,
    claims: Arc<Claims>,
}

impl Runner {
    pub(super) const fn new(app: App, registry: Arc<Registry>, claims: Arc<Claims>) -> Self {
        Self { app, registry, claims }
    }

    /// Runs one attempt; `Running` when its end could not be recorded.
    pub(super) async fn run(&self, claim: Claim) -> JobState {
        let job = &claim.job;
        let Some(kind) = self.registry.kinds.get(job.name.as_str()) else { return JobState::Queued };
        let span = tracing::info_span!(
            "job",
            job = %job.id,
            name = job.name,
            attempt = job.attempts,
            request_id = %RequestId(job.request_id),
        );
        let state = self.attempt(job, kind).instrument(span).await;
        let labels = [("name", job.name.clone()), ("state", format!("{state:?}"))];
        metrics::counter!("machiya_job_attempts_total", &labels).increment(1);
        state
    }

    async fn attempt(&self, job: &Claimed, kind: &Kind) -> JobState {
        let attempt = Attempt::of(job);
        let work = AssertUnwindSafe((kind.handler)(self.app.clone(), attempt.clone())).catch_unwind();
        let outcome = tokio::select! {
            outcome = work => outcome,
            () = self.claims.given_up(job) => Ok(Err(JobError::LeaseLost)),
        };
        let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("the handler panicked").into()));
        let settled = match outcome {
            // The handler has ended the job in the transaction of its effect.
            Ok(()) if attempt.has_ended() => Ok(JobState::Succeeded),
            outcome => self.settle(job, kind, outcome).await,
        };
        let state = settled.unwrap_or_else(|error| {
            // The job is found abandoned, and the next attempt finds out what was done.
            tracing::warn!(%error, "cannot record the end of an attempt");
            JobState::Running
        });
        tracing::debug!(?state, "an attempt ended");
        state
    }

    async fn settle(
        &self,
        job: &Claimed,
        kind: &Kind,
        outcome: Result<(), JobError>,
    ) -> Result<JobState, DatabaseError> {
        match outcome {
            Ok(()) => {
                let (mut tx, now) = (self.begin().await?, self.app.clock.now());
                queries::finish(&mut tx, job.id, job.lease_token, JobState::Succeeded, None, None, now).await?;
                tx.commit().await?;
                Ok(JobState::Succeeded)
            }
            Err(JobError::LeaseLost) => Ok(JobState::Cancelled),
            Err(JobError::GiveUp(reason)) => {
                let reason = format!("{reason:#}");
                tracing::warn!(reason, "a job gave up");
                self.mark_dead(job, JobState::Failed, &reason).await
            }
            Err(JobError::Retry { after, reason }) => {
                let reason = format!("{reason:#}");
                tracing::warn!(reason, "an attempt failed");
                if job.attempts >= job.max_attempts {
                    return self.mark_dead(job, JobState::Dead, &reason).await;
                }
                let wait = retry_wait(kind.first_retry, job.attempts, self.app.random.below(1_024));
                let wait = after.map_or(wait, |asked| asked.max(wait).min(ASKED_WAIT_MAX));
                let (mut tx, now) = (self.begin().await?, self.app.clock.now());
                queries::retry(&mut tx, job.id, job.lease_token, now + wait, &reason, now).await?;
                tx.commit().await?;
                Ok(JobState::Queued)
            }
        }
    }

    async fn begin(&self) -> Result<Tx, DatabaseError> {
        self.app.db.begin_system(SystemReason::Job).await
    }

    /// Ends a job that failed for good: runs its kind's `on_dead` handler, then sets the state, so that a process that
    /// dies in between leaves an abandoned job and another worker begins again. The handler may therefore run twice, and
    /// is never left out.
    pub(super) async fn mark_dead(
        &self,
        job: &Claimed,
        state: JobState,
        reason: &str,
    ) -> Result<JobState, DatabaseError> {
        if !self.claims.is_held(job).await? {
            return Ok(JobState::Cancelled);
        }
        if let Some(on_dead) = self.registry.kinds.get(job.name.as_str()).and_then(|kind| kind.on_dead.as_ref()) {
            let done = AssertUnwindSafe(on_dead(self.app.clone(), Attempt::of(job))).catch_unwind().await;
            if !matches!(done, Ok(Ok(()))) {
                tracing::error!(job = %job.id, name = job.name, ?done, "an on_dead handler failed");
                return Ok(JobState::Running);
            }
        }
        let mut tx = self.begin().await?;
        let now = self.app.clock.now();
        let held = queries::finish(&mut tx, job.id, job.lease_token, state, None, Some(reason), now).await?;
        tx.commit().await?;
        Ok(if held { state } else { JobState::Cancelled })
    }
}
