//! The worker: claims jobs, runs them, renews their leases, retries them, marks them dead.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration as StdDuration;

use futures::FutureExt as _;
use kernel::SystemReason;
use time::Duration;
use tokio::sync::Semaphore;

use super::model::{Attempt, Claimed, JobError, JobState, retry_wait};
use super::registry::{Kind, Registry};
use super::{queries, schedule};
use crate::app::App;
use crate::db::error::DatabaseError;
use crate::db::tx::Tx;

/// The pause between two claims when no notification comes.
const POLL: StdDuration = StdDuration::from_millis(500);
/// How long a free slot waits for others to be free, so that one claim fills them all.
const TOGETHER: StdDuration = StdDuration::from_millis(3);
/// How often expired leases are requeued, schedules enqueued and old rows deleted.
const UPKEEP: StdDuration = StdDuration::from_secs(5);
/// How long ended jobs are kept.
const KEEP_FINISHED: Duration = Duration::days(14);
/// The longest retry wait that a handler may ask for.
const ASKED_WAIT_MAX: Duration = Duration::hours(6);
/// The lease for running what follows a dead job.
const DEAD_JOB_LEASE: Duration = Duration::minutes(1);

/// Runs queued work with a registry of handlers.
#[derive(Clone)]
pub struct Worker {
    app: App,
    registry: Arc<Registry>,
    concurrency: usize,
}

/// What [`Worker::drain`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Attempts that ended well.
    pub succeeded: u32,
    /// Attempts that will be retried later, gave up, died or lost their lease.
    pub others: u32,
}

impl Worker {
    /// A worker that runs up to `concurrency` jobs at once.
    pub fn new(app: App, registry: Registry, concurrency: usize) -> Self {
        Self { app, registry: Arc::new(registry), concurrency: concurrency.max(1) }
    }

    /// Runs until the program stops; running attempts then end, and what was claimed and not begun is requeued when its
    /// lease ends.
    pub async fn run(self) {
        let slots = Arc::new(Semaphore::new(self.concurrency));
        let mut upkeep = tokio::time::interval(UPKEEP);
        let mut wake = Wake::new(self.app.clone());
        let mut registered = false;
        while !self.app.tasks.is_stopping() {
            if !registered {
                registered = schedule::register(&self.app, &self.registry).await.is_ok();
            }
            match self.claim(slots.available_permits()).await {
                Ok(claimed) if claimed.is_empty() => {}
                Ok(claimed) => {
                    for job in claimed {
                        let permit = Arc::clone(&slots).acquire_owned().await;
                        let worker = self.clone();
                        self.app.tasks.spawn(async move {
                            worker.attempt(job).await;
                            drop(permit);
                        });
                    }
                    if slots.available_permits() > 0 {
                        continue;
                    }
                }
                Err(error) => tracing::warn!(%error, "cannot claim jobs"),
            }
            tokio::select! {
                () = self.app.tasks.stopping() => {}
                () = wake.woken() => {}
                _ = upkeep.tick() => self.upkeep().await,
                () = self.room(&slots), if slots.available_permits() == 0 => {}
            }
        }
    }

    /// Waits until a slot is free, and a little longer until half of them are: short jobs are claimed together then,
    /// and long ones delay none.
    async fn room(&self, slots: &Semaphore) {
        drop(slots.acquire().await);
        let half = u32::try_from(self.concurrency / 2).unwrap_or(1).max(1);
        let _ = tokio::time::timeout(TOGETHER, slots.acquire_many(half)).await;
    }

    /// Runs everything that is due by the platform's clock, one after the other, until nothing is due. Work that this
    /// enqueues is run as well; retries with a later time are not. For tests and `machiya seed`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drain(&self) -> Result<Drained, DatabaseError> {
        let mut drained = Drained::default();
        loop {
            let claimed = self.claim(1).await?;
            if claimed.is_empty() {
                return Ok(drained);
            }
            for job in claimed {
                if self.attempt(job).await == JobState::Succeeded {
                    drained.succeeded += 1;
                } else {
                    drained.others += 1;
                }
            }
        }
    }

    /// Requeues expired leases, enqueues due schedules and deletes old rows; what [`Worker::run`] does every 5 s.
    pub async fn upkeep(&self) {
        if let Err(error) = self.try_upkeep().await {
            tracing::warn!(%error, "the queue's upkeep failed");
        }
    }

    async fn try_upkeep(&self) -> Result<(), DatabaseError> {
        schedule::register(&self.app, &self.registry).await?;
        schedule::enqueue_due(&self.app, &self.registry).await?;
        let now = self.app.clock.now();
        let mut tx = self.app.db.begin_system(SystemReason::Maintenance).await?;
        if queries::requeue_expired(&mut tx, now).await? > 0 {
            tx.wake_workers_after_commit();
        }
        let token = self.app.random.uuid_v4();
        let exhausted =
            queries::claim_exhausted(&mut tx, &self.registry.names(), token, now, now + DEAD_JOB_LEASE).await?;
        queries::sweep_finished(&mut tx, now - KEEP_FINISHED).await?;
        crate::idempotency::queries::sweep(&mut tx, now).await?;
        crate::rate_limits::queries::sweep(&mut tx, now).await?;
        tx.commit().await?;
        for claimed in exhausted {
            self.mark_dead(&claimed, JobState::Dead, "the worker's lease expired").await?;
        }
        Ok(())
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Claimed>, DatabaseError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let now = self.app.clock.now();
        let leases: Vec<f64> = self.registry.kinds.values().map(|kind| kind.lease.as_seconds_f64()).collect();
        let token = self.app.random.uuid_v4();
        let mut tx = self.app.db.begin_claiming().await?;
        let limit = i64::try_from(limit.min(32)).unwrap_or(1);
        let claimed = queries::claim(&mut tx, &self.registry.names(), &leases, limit, token, now).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn attempt(&self, claimed: Claimed) -> JobState {
        let (id, name, attempts) = (claimed.id, claimed.name.clone(), claimed.attempts);
        let Some(kind) = self.registry.kinds.get(name.as_str()).cloned() else { return JobState::Queued };
        let attempt = Attempt::of(&claimed);
        let work = AssertUnwindSafe((kind.handler)(self.app.clone(), attempt.clone())).catch_unwind();
        let outcome = tokio::select! {
            outcome = work => outcome,
            () = self.keep_lease(&claimed, kind.lease) => Ok(Err(JobError::LeaseLost)),
        };
        let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("the handler panicked").into()));
        let settled = match outcome {
            // The handler ended the job in the transaction of its effect, and that is true now.
            Ok(()) if attempt.has_ended() => Ok(JobState::Succeeded),
            outcome => self.settle(&claimed, &kind, outcome).await,
        };
        let state = match settled {
            Ok(state) => state,
            Err(error) => {
                // The lease expires and the next attempt finds out what was done.
                tracing::warn!(job = %id, name, %error, "cannot record the end of an attempt");
                JobState::Running
            }
        };
        tracing::debug!(job = %id, name, attempt = attempts, ?state, "an attempt ended");
        metrics::counter!("machiya_job_attempts_total", "name" => name.clone(), "state" => format!("{state:?}"))
            .increment(1);
        state
    }

    async fn settle(
        &self,
        claimed: &Claimed,
        kind: &Kind,
        outcome: Result<(), JobError>,
    ) -> Result<JobState, DatabaseError> {
        match outcome {
            Ok(()) => {
                let (mut tx, now) = (self.begin().await?, self.app.clock.now());
                queries::finish(&mut tx, claimed.id, claimed.lease_token, JobState::Succeeded, None, None, now).await?;
                tx.commit().await?;
                Ok(JobState::Succeeded)
            }
            Err(JobError::LeaseLost) => Ok(JobState::Cancelled),
            Err(JobError::GiveUp(reason)) => {
                let reason = format!("{reason:#}");
                tracing::warn!(job = %claimed.id, name = claimed.name, reason, "a job gave up");
                self.mark_dead(claimed, JobState::Failed, &reason).await
            }
            Err(JobError::Retry { after, reason }) => {
                let reason = format!("{reason:#}");
                let (id, attempt) = (claimed.id, claimed.attempts);
                tracing::warn!(job = %id, name = claimed.name, attempt, reason, "an attempt failed");
                if attempt >= claimed.max_attempts {
                    return self.mark_dead(claimed, JobState::Dead, &reason).await;
                }
                let wait = retry_wait(kind.first_retry, attempt, self.app.random.below(1_024));
                let wait = after.map_or(wait, |asked| asked.max(wait).min(ASKED_WAIT_MAX));
                let (mut tx, now) = (self.begin().await?, self.app.clock.now());
                queries::retry(&mut tx, id, claimed.lease_token, now + wait, &reason, now).await?;
                tx.commit().await?;
                Ok(JobState::Queued)
            }
        }
    }

    async fn begin(&self) -> Result<Tx, DatabaseError> {
        self.app.db.begin_system(SystemReason::Job).await
    }

    /// Renews the lease three times in its length; resolves when it is lost.
    async fn keep_lease(&self, claimed: &Claimed, lease: Duration) {
        let pause = StdDuration::try_from(lease / 3).unwrap_or(POLL);
        loop {
            tokio::time::sleep(pause).await;
            let expires_at = self.app.clock.now() + lease;
            let renewed = async {
                let mut tx = self.begin().await?;
                let held = queries::renew(&mut tx, claimed.id, claimed.lease_token, expires_at).await?;
                tx.commit().await?;
                Ok::<bool, DatabaseError>(held)
            };
            if let Ok(false) = renewed.await {
                return;
            }
        }
    }

    /// Ends a job that failed for good: runs its kind's `on_dead` handler, then sets the state, so that a process that
    /// dies in between leaves an expired lease and another one begins again. The handler may therefore run twice, and
    /// is never left out.
    async fn mark_dead(&self, claimed: &Claimed, state: JobState, reason: &str) -> Result<JobState, DatabaseError> {
        let now = self.app.clock.now();
        let mut tx = self.begin().await?;
        let held = queries::renew(&mut tx, claimed.id, claimed.lease_token, now + DEAD_JOB_LEASE).await?;
        tx.commit().await?;
        if !held {
            return Ok(JobState::Cancelled);
        }
        if let Some(on_dead) = self.registry.kinds.get(claimed.name.as_str()).and_then(|kind| kind.on_dead.as_ref()) {
            let done = AssertUnwindSafe(on_dead(self.app.clone(), Attempt::of(claimed))).catch_unwind().await;
            if !matches!(done, Ok(Ok(()))) {
                tracing::error!(job = %claimed.id, name = claimed.name, ?done, "an on_dead handler failed");
                return Ok(JobState::Running);
            }
        }
        let mut tx = self.begin().await?;
        let (id, token, now) = (claimed.id, claimed.lease_token, self.app.clock.now());
        let held = queries::finish(&mut tx, id, token, state, None, Some(reason), now).await?;
        tx.commit().await?;
        Ok(if held { state } else { JobState::Cancelled })
    }
}

/// Waits for a job to be enqueued in this process, a notification from another, or the next poll.
struct Wake {
    app: App,
    enqueued: tokio::sync::watch::Receiver<()>,
    listener: Option<sqlx::postgres::PgListener>,
}

impl Wake {
    fn new(app: App) -> Self {
        let enqueued = app.db.notifier().subscribe();
        Self { app, enqueued, listener: None }
    }

    async fn woken(&mut self) {
        if self.listener.is_none()
            && let Ok(mut listener) = self.app.db.listen().await
            && listener.listen("jobs").await.is_ok()
        {
            self.listener = Some(listener);
            return;
        }
        let poll = tokio::time::sleep(POLL);
        match &mut self.listener {
            Some(listener) => tokio::select! {
                () = poll => {}
                _ = self.enqueued.changed() => {}
                notification = listener.try_recv() => if !matches!(notification, Ok(Some(_))) { self.listener = None },
            },
            None => tokio::select! {
                () = poll => {}
                _ = self.enqueued.changed() => {}
            },
        }
    }
}
