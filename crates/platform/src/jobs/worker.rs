//! The worker: claims jobs, runs them, retries them, marks them dead, takes over what dead workers left.

use std::sync::Arc;
use std::time::Duration as StdDuration;

use kernel::SystemReason;
use time::Duration;
use tokio::sync::Semaphore;
use tokio::time::MissedTickBehavior;

use super::claims::Claims;
use super::model::JobState;
use super::registry::Registry;
use super::runner::Runner;
use super::session::SessionTiming;
use super::{queries, schedule};
use crate::app::App;
use crate::db::error::DatabaseError;
use crate::{idempotency, rate_limits};

/// The pause between two claims when no notification comes.
const POLL: StdDuration = StdDuration::from_millis(500);
/// How long a free slot waits for others to be free, so that one claim fills them all.
const TOGETHER: StdDuration = StdDuration::from_millis(3);
/// How often jobs of dead workers are looked for.
const RECOVERY: StdDuration = StdDuration::from_secs(1);
/// How often schedules are enqueued and old rows deleted.
const UPKEEP: StdDuration = StdDuration::from_secs(5);
/// How long ended jobs are kept.
const KEEP_FINISHED: Duration = Duration::days(14);
/// How long work outside [`Worker::run`] waits for the worker's session.
const SESSION_WAIT: StdDuration = StdDuration::from_secs(10);

/// Runs queued work with a registry of handlers. Clones share their claims.
#[derive(Clone)]
pub struct Worker {
    app: App,
    registry: Arc<Registry>,
    concurrency: usize,
    claims: Arc<Claims>,
    runner: Runner,
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
        Self::with_timing(app, registry, concurrency, SessionTiming::default())
    }

    /// As [`Worker::new`], with other times after which it counts as gone; for tests.
    pub fn with_timing(app: App, registry: Registry, concurrency: usize, timing: SessionTiming) -> Self {
        let registry = Arc::new(registry);
        let claims = Arc::new(Claims::new(app.clone(), registry.names(), timing));
        let runner = Runner::new(app.clone(), Arc::clone(&registry), Arc::clone(&claims));
        Self { app, registry, concurrency: concurrency.max(1), claims, runner }
    }

    /// Runs until the program stops; running attempts then end. What was claimed and not begun goes to other workers when
    /// the process has ended.
    pub async fn run(self) {
        let slots = Arc::new(Semaphore::new(self.concurrency));
        let (mut recovery, mut upkeep) = (tokio::time::interval(RECOVERY), tokio::time::interval(UPKEEP));
        recovery.set_missed_tick_behavior(MissedTickBehavior::Delay);
        upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut wake = Wake::new(self.app.clone());
        let mut registered = false;
        while !self.app.tasks.is_stopping() {
            if !registered {
                registered = schedule::register(&self.app, &self.registry).await.is_ok();
            }
            match self.claims.claim(slots.available_permits(), POLL).await {
                Ok(claimed) if claimed.is_empty() => {}
                Ok(claimed) => {
                    for claim in claimed {
                        let permit = Arc::clone(&slots).acquire_owned().await;
                        let runner = self.runner.clone();
                        self.app.tasks.spawn(async move {
                            runner.run(claim).await;
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
                _ = recovery.tick() => warn(self.recover(false, StdDuration::ZERO).await),
                _ = upkeep.tick() => warn(self.look_after().await),
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
            let claimed = self.claims.claim(1, SESSION_WAIT).await?;
            if claimed.is_empty() {
                return Ok(drained);
            }
            for claim in claimed {
                if self.runner.run(claim).await == JobState::Succeeded {
                    drained.succeeded += 1;
                } else {
                    drained.others += 1;
                }
            }
        }
    }

    /// Takes over what dead workers left, enqueues due schedules and deletes old rows, all at once; what [`Worker::run`]
    /// does from time to time.
    pub async fn upkeep(&self) {
        warn(self.recover(true, SESSION_WAIT).await);
        warn(self.look_after().await);
    }

    /// Queues the jobs of dead workers again, and ends those whose attempts are used up.
    async fn recover(&self, is_certain: bool, wait: StdDuration) -> Result<(), DatabaseError> {
        for claim in self.claims.recover(is_certain, wait).await? {
            self.runner.mark_dead(&claim.job, JobState::Dead, "its worker is gone").await?;
        }
        Ok(())
    }

    async fn look_after(&self) -> Result<(), DatabaseError> {
        schedule::register(&self.app, &self.registry).await?;
        schedule::enqueue_due(&self.app, &self.registry).await?;
        let now = self.app.clock.now();
        let mut tx = self.app.db.begin_system(SystemReason::Maintenance).await?;
        queries::sweep_finished(&mut tx, now - KEEP_FINISHED).await?;
        idempotency::queries::sweep(&mut tx, now).await?;
        rate_limits::queries::sweep(&mut tx, now).await?;
        tx.commit().await
    }
}

fn warn(done: Result<(), DatabaseError>) {
    if let Err(error) = done {
        tracing::warn!(%error, "the queue's upkeep failed");
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
