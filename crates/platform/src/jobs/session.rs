//! The life of a worker as the database sees it: a connection of its own that holds an advisory lock.
//!
//! PostgreSQL releases the lock when the connection ends: at once when the process dies, and after
//! [`SessionTiming::server_waits`] (`idle_session_timeout`) when nothing has come over it, because the process is frozen
//! or the network is cut. Jobs that were claimed under a lock that nobody holds are queued again. A thread keeps the
//! connection, so that a worker whose runtime is busy keeps its jobs.
//!
//! A worker that has heard nothing for [`SessionTiming::worker_waits`] gives its claims up before the database does. It
//! may be wrong about the time; the lease token of a claim stays the last word ([`super::JobRun::finish`]).

use std::future::Future;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use kernel::Random;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::watch;

use crate::db::error::DatabaseError;

/// How soon a worker that is not heard counts as gone.
#[derive(Clone, Copy, Debug)]
pub struct SessionTiming {
    /// The pause between two signs of life.
    pub ping_every: Duration,
    /// The longest silence of the database before the worker gives its claims up.
    pub worker_waits: Duration,
    /// The longest silence of the worker before the database gives its claims to others; more than `worker_waits`.
    pub server_waits: Duration,
}

impl Default for SessionTiming {
    fn default() -> Self {
        Self {
            ping_every: Duration::from_millis(500),
            worker_waits: Duration::from_secs(8),
            server_waits: Duration::from_secs(10),
        }
    }
}

/// The pause before connecting again.
const RECONNECT_AFTER: Duration = Duration::from_millis(200);

/// The number of a session: the key of its advisory lock.
pub(super) type SessionKey = i64;

/// Whose claims the worker may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The lock is held.
    Held(SessionKey),
    /// The connection is lost; it may come back in time.
    Doubtful(SessionKey),
    /// There is no session. Whatever was claimed is given up.
    Lost,
}

/// The session of a worker. Its thread ends when it is dropped.
pub(super) struct Session {
    state: watch::Receiver<State>,
    /// Dropped with the session, which ends the thread's wait.
    _alive: mpsc::Sender<()>,
}

impl Session {
    /// Starts to hold a session; [`Session::held`] waits for it.
    pub(super) fn start(options: PgConnectOptions, random: &Random, timing: SessionTiming) -> Self {
        let (sender, state) = watch::channel(State::Lost);
        let (alive, ended) = mpsc::channel();
        let keeper = Keeper { options, random: random.clone(), timing, sender, ended };
        if let Err(error) = thread::Builder::new().name("worker-session".to_owned()).spawn(move || keeper.run()) {
            tracing::error!(%error, "the worker cannot hold its session");
        }
        Self { state, _alive: alive }
    }

    /// The key of the lock, as soon as it is held.
    ///
    /// # Errors
    /// When that takes longer than `limit`.
    pub(super) async fn held(&self, limit: Duration) -> Result<SessionKey, DatabaseError> {
        let mut state = self.state.clone();
        let held = tokio::time::timeout(limit, state.wait_for(|state| matches!(state, State::Held(_)))).await;
        match held.map(|state| state.map(|state| *state)) {
            Ok(Ok(State::Held(key))) => Ok(key),
            _ => Err(DatabaseError::PoolTimedOut),
        }
    }

    /// Resolves when claims under `key` are given up.
    pub(super) async fn lost(&self, key: SessionKey) {
        let mut state = self.state.clone();
        // An error means that the thread has ended, and with it the session.
        let _ =
            state.wait_for(|state| !matches!(state, State::Held(held) | State::Doubtful(held) if *held == key)).await;
    }
}

/// What the thread does.
struct Keeper {
    options: PgConnectOptions,
    random: Random,
    timing: SessionTiming,
    sender: watch::Sender<State>,
    ended: mpsc::Receiver<()>,
}

impl Keeper {
    fn run(self) {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return tracing::error!(%error, "the worker cannot hold its session"),
        };
        while !self.has_ended(Duration::ZERO) {
            let key = SessionKey::from_be_bytes(self.random.bytes());
            self.sender.send_replace(State::Lost);
            let mut heard = Instant::now();
            // The same key again while that is in time: whoever restarts the database takes no work away.
            while heard.elapsed() < self.timing.worker_waits {
                match runtime.block_on(self.within(heard, self.connect(key))) {
                    Ok(mut connection) => {
                        heard = Instant::now();
                        self.sender.send_replace(State::Held(key));
                        while !self.has_ended(self.timing.ping_every) {
                            match runtime.block_on(self.within(heard, connection.ping())) {
                                Ok(()) => heard = Instant::now(),
                                Err(error) => {
                                    tracing::warn!(%error, "the session of the worker is lost");
                                    break;
                                }
                            }
                        }
                        if self.has_ended(Duration::ZERO) {
                            let _ = runtime.block_on(self.within(heard, connection.close()));
                            return;
                        }
                        self.sender.send_replace(State::Doubtful(key));
                    }
                    Err(error) => tracing::debug!(%error, "the worker has no session"),
                }
                if self.has_ended(RECONNECT_AFTER) {
                    return;
                }
            }
        }
    }

    /// Waits for the end of the session, at most `limit`; says whether it has come.
    fn has_ended(&self, limit: Duration) -> bool {
        matches!(self.ended.recv_timeout(limit), Err(mpsc::RecvTimeoutError::Disconnected))
    }

    /// Does `work` before the time since `heard` is up.
    async fn within<T>(
        &self,
        heard: Instant,
        work: impl Future<Output = Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        let left = self.timing.worker_waits.saturating_sub(heard.elapsed());
        tokio::time::timeout(left, work).await.map_err(|_| DatabaseError::PoolTimedOut)?
    }

    /// Connects and takes the lock.
    async fn connect(&self, key: SessionKey) -> Result<PgConnection, DatabaseError> {
        let mut connection = PgConnection::connect_with(&self.options).await?;
        let limit_ms = self.timing.server_waits.as_millis();
        let limit = AssertSqlSafe(format!("set idle_session_timeout = {limit_ms}"));
        sqlx::raw_sql(limit).execute(&mut connection).await?;
        let is_held: bool =
            sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(key).fetch_one(&mut connection).await?;
        // An earlier connection of this session may not have ended yet as the database sees it.
        if is_held { Ok(connection) } else { Err(DatabaseError::PoolTimedOut) }
    }
}
