//! What a worker has claimed, and what other workers left behind.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use kernel::{JobId, SystemReason};
use uuid::Uuid;

use super::model::Claimed;
use super::queries::{self, Abandoned};
use super::session::{Session, SessionKey, SessionTiming};
use crate::app::App;
use crate::db::error::DatabaseError;

/// How often a running attempt looks whether its job was cancelled.
const CHECK: Duration = Duration::from_secs(5);
/// The most jobs of one claim.
const CLAIM_MAX: usize = 32;

/// The claims of a worker.
pub(super) struct Claims {
    app: App,
    /// The kinds that the worker can do.
    names: Vec<String>,
    timing: SessionTiming,
    session: OnceLock<Session>,
    running: Mutex<HashSet<JobId>>,
    /// The sessions that were dead when this worker last looked.
    suspects: Mutex<HashSet<SessionKey>>,
    /// Lets a claim be committed and noted in `running` before this worker looks for abandoned jobs of its own.
    turn: tokio::sync::Mutex<()>,
}

/// A claimed job; the worker has let go of it when this is dropped.
pub(super) struct Claim {
    pub(super) job: Claimed,
    claims: Arc<Claims>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.running().remove(&self.job.id);
    }
}

impl Claims {
    /// Without any claim; the session begins with the first.
    pub(super) fn new(app: App, names: Vec<String>, timing: SessionTiming) -> Self {
        Self {
            app,
            names,
            timing,
            session: OnceLock::new(),
            running: Mutex::default(),
            suspects: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Waits until the worker has a session, at most `limit`.
    ///
    /// # Errors
    /// When that takes longer.
    pub(super) async fn session_key(&self, limit: Duration) -> Result<SessionKey, DatabaseError> {
        self.session().held(limit).await
    }

    /// Claims up to `limit` due jobs.
    ///
    /// # Errors
    /// When the database does not answer, or the worker has no session within `wait`.
    pub(super) async fn claim(self: &Arc<Self>, limit: usize, wait: Duration) -> Result<Vec<Claim>, DatabaseError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let session = self.session_key(wait).await?;
        let _turn = self.turn.lock().await;
        let (now, token) = (self.app.clock.now(), self.app.random.uuid_v4());
        let mut tx = self.app.db.begin_claiming().await?;
        let limit = i64::try_from(limit.min(CLAIM_MAX)).unwrap_or(1);
        let claimed = queries::claim(&mut tx, &self.names, limit, session, token, now).await?;
        tx.commit().await?;
        Ok(self.note(claimed))
    }

    /// Queues jobs again whose worker is gone, and claims those of them that are on their last attempt. A session counts
    /// as dead when it was so twice in a row while this worker's own was alive, lest a restart of the database takes jobs
    /// from workers that live; at once when `is_certain`.
    ///
    /// # Errors
    /// As [`Claims::claim`].
    pub(super) async fn recover(
        self: &Arc<Self>,
        is_certain: bool,
        wait: Duration,
    ) -> Result<Vec<Claim>, DatabaseError> {
        let own = self.session_key(wait).await?;
        let _turn = self.turn.lock().await;
        let running: Vec<Uuid> = self.running().iter().map(|id| id.uuid()).collect();
        let mut tx = self.app.db.begin_system(SystemReason::Maintenance).await?;
        let mut dead = queries::dead_sessions(&mut tx, own).await?;
        if dead.first() == Some(&own) {
            // The database has been restarted, and who lives will have its session again in a moment.
            lock(&self.suspects).clear();
            return Ok(Vec::new());
        }
        let suspects = std::mem::replace(&mut *lock(&self.suspects), dead.iter().copied().collect());
        dead.retain(|key| is_certain || suspects.contains(key));
        let abandoned = Abandoned { dead: &dead, own, running: &running };
        if queries::requeue(&mut tx, &abandoned, self.app.clock.now()).await? > 0 {
            tx.wake_workers_after_commit();
        }
        let token = self.app.random.uuid_v4();
        let exhausted = queries::claim_exhausted(&mut tx, &abandoned, &self.names, token).await?;
        tx.commit().await?;
        Ok(self.note(exhausted))
    }

    /// Resolves when `job` is no longer this worker's: its session is lost, or the job was cancelled.
    pub(super) async fn given_up(&self, job: &Claimed) {
        loop {
            tokio::select! {
                () = self.session().lost(job.lease_session) => return,
                () = tokio::time::sleep(CHECK) => {}
            }
            if let Ok(false) = self.is_held(job).await {
                return;
            }
        }
    }

    /// Whether `job` is still this worker's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn is_held(&self, job: &Claimed) -> Result<bool, DatabaseError> {
        let mut tx = self.app.db.begin_system(SystemReason::Job).await?;
        let is_held = queries::is_held(&mut tx, job.id, job.lease_token).await?;
        tx.commit().await?;
        Ok(is_held)
    }

    fn session(&self) -> &Session {
        let start = || Session::start(self.app.db.connect_options("machiya_worker"), &self.app.random, self.timing);
        self.session.get_or_init(start)
    }

    fn note(self: &Arc<Self>, claimed: Vec<Claimed>) -> Vec<Claim> {
        self.running().extend(claimed.iter().map(|job| job.id));
        claimed.into_iter().map(|job| Claim { job, claims: Arc::clone(self) }).collect()
    }

    fn running(&self) -> MutexGuard<'_, HashSet<JobId>> {
        lock(&self.running)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
