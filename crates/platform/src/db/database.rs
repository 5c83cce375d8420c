//! The two connection pools, and how a transaction begins.

use std::str::FromStr as _;
use std::time::Duration;

use kernel::{Actor, Ctx, SystemReason};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgPool};

use super::error::DatabaseError;
use super::notifier::Notifier;
use super::tx::Tx;

/// How long a request waits for a transaction to begin before it is answered 503.
const REQUEST_WAIT: Duration = Duration::from_secs(2);
/// How long a job waits for a transaction to begin.
const WORK_WAIT: Duration = Duration::from_secs(10);

/// The two pools.
#[derive(Clone, Debug)]
pub struct Database {
    web: PgPool,
    app: PgPool,
    notifier: Notifier,
}

/// Where the two log-ins connect.
#[derive(Clone, Debug)]
pub struct DatabaseAddresses {
    /// As `machiya_web`.
    pub web_url: String,
    /// As `machiya_service`.
    pub service_url: String,
    /// Connections of each pool at most.
    pub pool_size: u32,
}

impl Database {
    /// Opens both pools without waiting for a connection; [`Database::check`] tells whether they work.
    ///
    /// # Errors
    /// When an address does not parse.
    pub fn open(addresses: &DatabaseAddresses) -> Result<Self, DatabaseError> {
        let pool = |url: &str, name: &str| -> Result<PgPool, DatabaseError> {
            let options = PgConnectOptions::from_str(url)?
                .application_name(name)
                .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(1));
            Ok(PgPoolOptions::new()
                .max_connections(addresses.pool_size)
                // The upper bound; `Tx::begin` has the limit of each caller.
                .acquire_timeout(WORK_WAIT)
                .test_before_acquire(false)
                .idle_timeout(Duration::from_mins(5))
                .connect_lazy_with(options))
        };
        Ok(Self {
            web: pool(&addresses.web_url, "machiya_web")?,
            app: pool(&addresses.service_url, "machiya_service")?,
            notifier: Notifier::default(),
        })
    }

    /// A transaction in the name of `ctx`'s actor, under row level security: `authenticated` with the account's id for
    /// a person, `anon` for anybody else. The platform itself has no business here and gets `anon`.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin_as(&self, ctx: &Ctx) -> Result<Tx, DatabaseError> {
        // The log-in of the pages cannot take the platform's role.
        let actor = if matches!(ctx.actor, Actor::System(_)) { &Actor::Anonymous } else { &ctx.actor };
        self.begin(&self.web, &preamble(actor), REQUEST_WAIT).await
    }

    /// A transaction of the platform (`service_role`). The reason is logged and visible to the database.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin_system(&self, reason: SystemReason) -> Result<Tx, DatabaseError> {
        Ok(self.begin_counting(reason).await?.with_effect())
    }

    /// As [`Database::begin_system`], for what only counts or notes that a request was made: it is no effect of that
    /// request, which may be made again.
    ///
    /// # Errors
    /// When no connection can be had.
    pub(crate) async fn begin_counting(&self, reason: SystemReason) -> Result<Tx, DatabaseError> {
        let is_work = matches!(reason, SystemReason::Job | SystemReason::Seed | SystemReason::Verification);
        let wait = if is_work { WORK_WAIT } else { REQUEST_WAIT };
        self.begin(&self.app, &preamble(&Actor::System(reason)), wait).await
    }

    /// A transaction of the platform that claims jobs. Its commit does not wait for the disk: a claim that a crash of the
    /// server undoes is a job that is queued still, and what was done under a lost claim cannot be finished.
    ///
    /// # Errors
    /// When no connection can be had.
    pub(crate) async fn begin_claiming(&self) -> Result<Tx, DatabaseError> {
        let preamble = preamble(&Actor::System(SystemReason::Job));
        let preamble = format!("{preamble}, set_config('synchronous_commit', 'off', true)");
        self.begin(&self.app, &preamble, WORK_WAIT).await
    }

    async fn begin(&self, pool: &PgPool, preamble: &str, limit: Duration) -> Result<Tx, DatabaseError> {
        Tx::begin(pool, preamble, limit, self.notifier.clone()).await
    }

    /// What wakes the workers.
    pub(crate) const fn notifier(&self) -> &Notifier {
        &self.notifier
    }

    /// How a connection of its own, beside the pool, reaches the database as the platform's log-in.
    pub(crate) fn connect_options(&self, name: &str) -> PgConnectOptions {
        self.app.connect_options().as_ref().clone().application_name(name)
    }

    /// A listener on notifications, outside any transaction. It has a connection of its own beside the pool, which it would otherwise keep for ever.
    pub(crate) async fn listen(&self) -> Result<PgListener, DatabaseError> {
        let options = self.connect_options("machiya_listener");
        let one = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        PgListener::connect_with(&one.acquire_timeout(WORK_WAIT).connect_lazy_with(options)).await
    }

    /// Whether both log-ins answer; what `/readyz` asks.
    ///
    /// # Errors
    /// When one does not.
    pub async fn check(&self) -> Result<(), DatabaseError> {
        self.begin(&self.web, &preamble(&Actor::Anonymous), REQUEST_WAIT).await?.rollback().await?;
        self.begin_counting(SystemReason::Maintenance).await?.rollback().await
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.web.close().await;
        self.app.close().await;
    }
}

/// `BEGIN` with role, claims and time limits, as one statement list and so one round trip. The limits are set here
/// because those of a role do not follow `SET ROLE`.
fn preamble(actor: &Actor) -> String {
    let (role, claims, statement_ms) = match actor {
        // The id is a UUID and the rest are constants, so nothing here can break out of the quotes.
        Actor::User(user) => {
            ("authenticated", format!(r#"{{"sub":"{}","role":"authenticated"}}"#, user.user_id), 10_000)
        }
        Actor::Anonymous => ("anon", r#"{"role":"anon"}"#.to_owned(), 10_000),
        Actor::System(reason) => {
            ("service_role", format!(r#"{{"role":"service_role","reason":"{}"}}"#, reason.as_str()), 60_000)
        }
    };
    format!(
        "begin; select set_config('role', '{role}', true), set_config('request.jwt.claims', '{claims}', true), \
         set_config('statement_timeout', '{statement_ms}', true), set_config('lock_timeout', '5000', true), \
         set_config('idle_in_transaction_session_timeout', '30000', true)"
    )
}
