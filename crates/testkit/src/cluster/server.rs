//! The server of this process, and how its databases are named and reached.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use platform::db::bootstrap;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use url::Url;

use super::private_server::PrivateServer;

/// What every database of ours is called first; the process that made it follows.
pub(super) const NAME_START: &str = "machiya_test_";
/// From it the passwords of the log-ins follow. The server is reachable for this user alone, and nothing in it lasts.
pub(super) const LOG_IN_SECRET: &[u8] = b"a test needs no secret";

/// The server that this process uses, found or started once.
#[derive(Debug)]
pub(super) struct Server {
    superuser_url: String,
    pub(super) web_url: String,
    pub(super) service_url: String,
    /// Keeps the private server's lease.
    _private: Option<PrivateServer>,
}

impl Server {
    pub(super) fn superuser_url(&self) -> &str {
        &self.superuser_url
    }

    fn find_or_start() -> Result<Self> {
        let named = std::env::var("MACHIYA_TEST_DATABASE").ok().filter(|url| !url.is_empty());
        let private = if named.is_none() { Some(PrivateServer::join()?) } else { None };
        let superuser_url = match (&named, &private) {
            (Some(url), _) => url.clone(),
            (None, Some(server)) => server.superuser_url(),
            (None, None) => anyhow::bail!("there is neither a named nor a private server"),
        };
        let log_ins =
            bootstrap::addresses(&superuser_url, LOG_IN_SECRET, 1).context("MACHIYA_TEST_DATABASE is no address")?;
        Ok(Self { superuser_url, web_url: log_ins.web_url, service_url: log_ins.service_url, _private: private })
    }
}

pub(super) fn server() -> Result<&'static Server> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    let found = SERVER.get_or_init(|| Server::find_or_start().map_err(|error| format!("{error:#}")));
    found.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
}

/// A unique name that contains the id of the process that made the database.
pub(super) fn new_name() -> String {
    let unique = RandomState::new().build_hasher().finish();
    format!("{NAME_START}{}_{unique:016x}", std::process::id())
}

pub(super) fn with_database(url: &str, database: &str) -> Result<String> {
    let mut url = Url::parse(url).context("the address of the test server is no URL")?;
    url.set_path(database);
    Ok(url.into())
}

pub(crate) async fn connect(url: &str) -> Result<PgConnection> {
    PgConnection::connect(url).await.context("the test server does not answer")
}

pub(super) async fn run(connection: &mut PgConnection, statement: String) -> Result<()> {
    // The statements here are made of names that this module made.
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await?;
    Ok(())
}

/// One value by a test's own statement, as superuser.
pub(crate) async fn one_value<T>(superuser_url: &str, statement: &str) -> Result<T>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    let mut superuser = connect(superuser_url).await?;
    let value = sqlx::query_scalar(AssertSqlSafe(statement.to_owned())).fetch_one(&mut superuser).await?;
    superuser.close().await?;
    Ok(value)
}

/// A test's own statements, as superuser.
pub(crate) async fn execute(superuser_url: &str, statements: &str) -> Result<()> {
    let mut superuser = connect(superuser_url).await?;
    run(&mut superuser, statements.to_owned()).await?;
    superuser.close().await?;
    Ok(())
}
