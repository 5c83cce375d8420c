//! The worker: claims, runs, renews, retries, gives back.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration as StdDuration;

use futures::FutureExt as _;
use kernel::{JobId, SystemReason};
use time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::model::{Claimed, JobFault, JobState, retry_wait};
use super::registry::{Kind, Registry};
use super::{queries, schedule};
use crate::{DatabaseFault, House};

/// How long the worker sleeps when nothing wakes it.
const POLL: StdDuration = StdDuration::from_millis(500);
/// How often silent workers are looked for and schedules enqueued.
const UPKEEP: StdDuration = StdDuration::from_secs(5);
/// How long ended jobs are kept.
const KEEP_FINISHED: Duration = Duration::days(14);

/// Runs queued work with a registry of handlers.
#[derive(Clone)]
pub struct Worker {
    house: House,
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
    pub fn new(house: House, registry: Registry, concurrency: usize) -> Self {
        Self { house, registry: Arc::new(registry), concurrency: concurrency.max(1) }
    }

    /// Works until the program stops; then lets running attempts end and gives back what it could not begin.
    pub async fn run(self) {
        let slots = Arc::new(Semaphore::new(self.concurrency));
        let mut upkeep = tokio::time::interval(UPKEEP);
        let mut wake = Wake::new(self.house.clone());
        let mut registered = false;
        while !self.house.tasks.is_stopping() {
            if !registered {
                registered = schedule::register(&self.house, &self.registry).await.is_ok();
            }
            match self.claim(slots.available_permits()).await {
                Ok(claimed) if claimed.is_empty() => {}
                Ok(claimed) => {
                    for job in claimed {
                        let permit = Arc::clone(&slots).acquire_owned().await;
                        let worker = self.clone();
                        self.house.tasks.spawn(async move {
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
                () = self.house.tasks.stopping() => {}
                () = wake.woken() => {}
                _ = upkeep.tick() => self.upkeep().await,
                permit = Arc::clone(&slots).acquire_owned(), if slots.available_permits() == 0 => drop(permit),
            }
        }
    }

    /// Runs everything that is due by the house's clock, one after the other, until nothing is due. Work that this
    /// enqueues is run as well; retries with a later time are not. For tests and `machiya seed`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drain(&self) -> Result<Drained, DatabaseFault> {
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

    /// Looks for silent workers, enqueues due schedules and sweeps old rows; what [`Worker::run`] does every 5 s.
    pub async fn upkeep(&self) {
        if let Err(error) = self.try_upkeep().await {
            tracing::warn!(%error, "the queue's upkeep failed");
        }
    }

    async fn try_upkeep(&self) -> Result<(), DatabaseFault> {
        schedule::register(&self.house, &self.registry).await?;
        schedule::enqueue_due(&self.house, &self.registry).await?;
        let now = self.house.clock.now();
        let mut tx = self.house.db.begin_system(SystemReason::Maintenance).await?;
        let dead = queries::recover_expired(&mut tx, now).await?;
        queries::sweep_finished(&mut tx, now - KEEP_FINISHED).await?;
        tx.commit().await?;
        for (id, name) in dead {
            self.mourn(id, &name, 0).await;
        }
        Ok(())
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Claimed>, DatabaseFault> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let now = self.house.clock.now();
        let lease = self.registry.kinds.values().map(|kind| kind.lease).max().unwrap_or(Duration::seconds(60));
        let token = self.house.random.uuid_v4();
        let mut tx = self.house.db.begin_system(SystemReason::Job).await?;
        let limit = i64::try_from(limit.min(32)).unwrap_or(1);
        let claimed = queries::claim(&mut tx, &self.registry.names(), limit, token, now, now + lease).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn attempt(&self, claimed: Claimed) -> JobState {
        let (id, name, attempt) = (claimed.id, claimed.name.clone(), claimed.attempts);
        let Some(kind) = self.registry.kinds.get(name.as_str()).cloned() else { return JobState::Queued };
        let work = AssertUnwindSafe((kind.handler)(self.house.clone(), claimed.clone())).catch_unwind();
        let outcome = tokio::select! {
            outcome = work => outcome,
            () = self.keep_lease(&claimed, kind.lease) => Ok(Err(JobFault::LeaseLost)),
        };
        let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("the handler panicked").into()));
        let state = match self.settle(&claimed, &kind, outcome).await {
            Ok(state) => state,
            Err(error) => {
                // The lease expires and the next attempt finds out what was done.
                tracing::warn!(job = %id, name, %error, "cannot record the end of an attempt");
                JobState::Running
            }
        };
        tracing::info!(job = %id, name, attempt, ?state, "an attempt ended");
        metrics::counter!("machiya_job_attempts_total", "name" => name.clone(), "state" => format!("{state:?}"))
            .increment(1);
        if matches!(state, JobState::Dead | JobState::Failed) {
            self.mourn(id, &name, attempt).await;
        }
        state
    }

    async fn settle(
        &self,
        claimed: &Claimed,
        kind: &Kind,
        outcome: Result<(), JobFault>,
    ) -> Result<JobState, DatabaseFault> {
        let now = self.house.clock.now();
        let (id, token) = (claimed.id, claimed.lease_token);
        let mut tx = self.house.db.begin_system(SystemReason::Job).await?;
        let state = match outcome {
            Ok(()) => {
                // False when the handler has finished the job itself, together with its effect.
                queries::finish(&mut tx, id, token, JobState::Succeeded, None, None, now).await?;
                JobState::Succeeded
            }
            Err(JobFault::LeaseLost) => JobState::Cancelled,
            Err(JobFault::GiveUp(reason)) => {
                tracing::warn!(job = %id, name = claimed.name, reason = format!("{reason:#}"), "a job gave up");
                queries::finish(&mut tx, id, token, JobState::Failed, None, Some(&format!("{reason:#}")), now).await?;
                JobState::Failed
            }
            Err(JobFault::Retry { after, reason }) => {
                let reason = format!("{reason:#}");
                tracing::warn!(job = %id, name = claimed.name, attempt = claimed.attempts, reason, "an attempt failed");
                if claimed.attempts >= claimed.max_attempts {
                    queries::finish(&mut tx, id, token, JobState::Dead, None, Some(&reason), now).await?;
                    JobState::Dead
                } else {
                    let wait = retry_wait(kind.first_retry, claimed.attempts, self.house.random.below(1_024));
                    let run_at = now + after.map_or(wait, |asked| asked.max(wait).min(Duration::hours(6)));
                    queries::retry(&mut tx, id, token, run_at, &reason, now).await?;
                    JobState::Queued
                }
            }
        };
        tx.commit().await?;
        Ok(state)
    }

    /// Renews the lease three times in its length; resolves when it is lost.
    async fn keep_lease(&self, claimed: &Claimed, lease: Duration) {
        let pause = StdDuration::try_from(lease / 3).unwrap_or(POLL);
        loop {
            tokio::time::sleep(pause).await;
            let expires_at = self.house.clock.now() + lease;
            let renewed = async {
                let mut tx = self.house.db.begin_system(SystemReason::Job).await?;
                let held = queries::renew(&mut tx, claimed.id, claimed.lease_token, expires_at).await?;
                tx.commit().await?;
                Ok::<bool, DatabaseFault>(held)
            };
            if let Ok(false) = renewed.await {
                return;
            }
        }
    }

    /// Runs what a kind wants done when one of its jobs failed for good.
    async fn mourn(&self, id: JobId, name: &str, attempt: i32) {
        let Some(on_dead) = self.registry.kinds.get(name).and_then(|kind| kind.on_dead.clone()) else { return };
        let done = async {
            let mut tx = self.house.db.begin_system(SystemReason::Job).await?;
            let payload = queries::payload(&mut tx, id).await?;
            tx.commit().await?;
            let Some(payload) = payload else { return Ok(()) };
            let claimed = Claimed {
                id,
                name: name.to_owned(),
                payload,
                attempts: attempt,
                max_attempts: attempt,
                lease_token: Uuid::nil(),
            };
            on_dead(self.house.clone(), claimed).await
        };
        if let Err(fault) = done.await {
            tracing::error!(job = %id, name, ?fault, "what follows a dead job failed");
        }
    }
}

/// Waits for a notification, or for the next poll when listening does not work.
struct Wake {
    house: House,
    listener: Option<sqlx::postgres::PgListener>,
}

impl Wake {
    const fn new(house: House) -> Self {
        Self { house, listener: None }
    }

    async fn woken(&mut self) {
        if self.listener.is_none()
            && let Ok(mut listener) = self.house.db.listen().await
            && listener.listen("jobs").await.is_ok()
        {
            self.listener = Some(listener);
            return;
        }
        let poll = tokio::time::sleep(POLL);
        match &mut self.listener {
            Some(listener) => tokio::select! {
                () = poll => {}
                notification = listener.try_recv() => if !matches!(notification, Ok(Some(_))) { self.listener = None },
            },
            None => poll.await,
        }
    }
}
