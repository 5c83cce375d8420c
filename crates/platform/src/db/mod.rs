//! The database: two log-ins, two pools, and no connection without an actor.
//!
//! Pages and API connect as `machiya_web` (owns nothing, bypasses nothing, member of `anon` and `authenticated` only);
//! jobs, webhooks and the house's own rules as `machiya_house` (member of `service_role` only). A transaction sets its
//! role and claims in the same round trip as `BEGIN`, so row level security knows who asks.

pub mod bootstrap;
pub mod embedded;
mod tx;

use std::str::FromStr as _;
use std::time::Duration;

use kernel::{Actor, Ctx, SystemReason};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgPool};

pub use tx::Tx;

/// The database does not answer, or refused.
pub type DatabaseFault = sqlx::Error;

/// The two pools.
#[derive(Clone, Debug)]
pub struct Database {
    web: PgPool,
    house: PgPool,
}

/// Where the two log-ins connect.
#[derive(Clone, Debug)]
pub struct DatabaseAddresses {
    /// As `machiya_web`.
    pub web_url: String,
    /// As `machiya_house`.
    pub house_url: String,
    /// Connections of each pool at most.
    pub pool_size: u32,
}

impl Database {
    /// Opens both pools without waiting for a connection; [`Database::check`] tells whether they work.
    ///
    /// # Errors
    /// When an address does not parse.
    pub fn open(addresses: &DatabaseAddresses) -> Result<Self, DatabaseFault> {
        let pool = |url: &str, name: &str| -> Result<PgPool, DatabaseFault> {
            let options = PgConnectOptions::from_str(url)?
                .application_name(name)
                .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(1));
            Ok(PgPoolOptions::new()
                .max_connections(addresses.pool_size)
                .acquire_timeout(Duration::from_secs(10))
                .idle_timeout(Duration::from_mins(5))
                .connect_lazy_with(options))
        };
        Ok(Self { web: pool(&addresses.web_url, "machiya_web")?, house: pool(&addresses.house_url, "machiya_house")? })
    }

    /// A transaction in the name of `ctx`'s actor, under row level security: `authenticated` with the account's id for
    /// a person, `anon` for anybody else. The house itself has no business here and gets `anon`.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin_as(&self, ctx: &Ctx) -> Result<Tx, DatabaseFault> {
        // The pages' log-in may not become the house, whoever asks.
        let actor = if matches!(ctx.actor, Actor::System(_)) { &Actor::Anonymous } else { &ctx.actor };
        Tx::begin(&self.web, &preamble(actor)).await
    }

    /// A transaction of the house (`service_role`). The reason is logged and visible to the database.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin_system(&self, reason: SystemReason) -> Result<Tx, DatabaseFault> {
        Tx::begin(&self.house, &preamble(&Actor::System(reason))).await
    }

    /// A listener on notifications, outside any transaction; only the job queue uses it. It has a connection of its own
    /// beside the pool, which it would otherwise keep for ever.
    pub(crate) async fn listen(&self) -> Result<PgListener, DatabaseFault> {
        let options = self.house.connect_options().as_ref().clone().application_name("machiya_listener");
        let one = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        PgListener::connect_with(&one.acquire_timeout(Duration::from_secs(10)).connect_lazy_with(options)).await
    }

    /// Whether both log-ins answer; what `/readyz` asks.
    ///
    /// # Errors
    /// When one does not.
    pub async fn check(&self) -> Result<(), DatabaseFault> {
        sqlx::query("select 1").execute(&self.web).await?;
        sqlx::query("select 1").execute(&self.house).await?;
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.web.close().await;
        self.house.close().await;
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
