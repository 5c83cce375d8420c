//! A database of its own for every test, from one throw-away server.
//!
//! The server is the one that `MACHIYA_TEST_DATABASE` names (an address as superuser; the databases in it whose names
//! start with `machiya_test_` are ours), else a private one on `/dev/shm` that the first test process starts, all later
//! ones share, and a watchdog ends when no test process has lived for a while.
//!
//! The migrations run once per set of migrations, in a template; a test's database is a copy of it, made in
//! milliseconds. It is dropped when the process that made it is gone, by the tests that come after.

mod clean_up;
mod own_server;
mod private_server;
mod template;

#[cfg(test)]
mod tests;

pub use own_server::OwnServer;

use anyhow::{Context, Result};
use platform::db::bootstrap;
use private_server::PrivateServer;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;
use url::Url;

/// What every database of ours is called first; the process that made it follows.
const NAME_START: &str = "machiya_test_";
/// From it the passwords of the log-ins follow. The server is reachable for this user alone, and nothing in it lasts.
const LOG_IN_SECRET: &[u8] = b"a test needs no secret";

/// A migrated, otherwise empty database that belongs to one test.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    name: String,
    superuser_url: String,
    web_url: String,
    service_url: String,
}

impl TestDatabase {
    /// The database's name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address for the log-in that owns everything and bypasses row security.
    pub fn superuser_url(&self) -> &str {
        &self.superuser_url
    }

    /// Its address for `machiya_web`, the log-in of pages and API.
    pub fn web_url(&self) -> &str {
        &self.web_url
    }

    /// Its address for `machiya_service`, the log-in of jobs, webhooks and the operator.
    pub fn service_url(&self) -> &str {
        &self.service_url
    }
}

/// Makes a fresh, migrated database.
///
/// # Panics
/// When there is no PostgreSQL, or it cannot be started, or a migration fails; the message says what to do.
pub async fn fresh_database() -> TestDatabase {
    match try_fresh_database().await {
        Ok(database) => database,
        #[expect(clippy::panic, reason = "a test without its database has failed, and its runner reports panics")]
        Err(error) => panic!("no database for this test: {error:#}"),
    }
}

/// Makes a database without any migration in it, for tests of the migrations themselves.
///
/// # Panics
/// As [`fresh_database`] does.
pub async fn empty_database() -> TestDatabase {
    let made = async {
        let server = server()?;
        let mut superuser = connect(server.superuser_url()).await?;
        let name = new_name();
        run(&mut superuser, format!("create database {name} template template0 encoding 'UTF8' locale 'C.UTF-8'"))
            .await?;
        TestDatabase::on(server, name)
    };
    match made.await {
        Ok(database) => database,
        #[expect(clippy::panic, reason = "a test without its database has failed, and its runner reports panics")]
        Err(error) => panic!("no empty database for this test: {error:#}"),
    }
}

async fn try_fresh_database() -> Result<TestDatabase> {
    let server = server()?;
    let mut superuser = connect(server.superuser_url()).await?;
    let template = template::name();
    let name = new_name();
    // A copy of files: the templates are small, and writing them through the log as well would take longer.
    let copy = format!("create database {name} template {template} strategy file_copy");
    if let Err(error) = run(&mut superuser, copy.clone()).await {
        if !template::is_missing(&error) {
            return Err(error);
        }
        template::make(&mut superuser, server, &template).await?;
        run(&mut superuser, copy).await?;
    }
    superuser.close().await?;
    clean_up::in_the_background(server.superuser_url().to_owned());
    TestDatabase::on(server, name)
}

impl TestDatabase {
    fn on(server: &Server, name: String) -> Result<Self> {
        let [superuser_url, web_url, service_url] =
            [server.superuser_url(), &server.web_url, &server.service_url].map(|url| with_database(url, &name));
        Ok(Self { name, superuser_url: superuser_url?, web_url: web_url?, service_url: service_url? })
    }
}

/// The server that this process uses, found or started once.
#[derive(Debug)]
struct Server {
    superuser_url: String,
    web_url: String,
    service_url: String,
    /// Keeps the private server's lease.
    _private: Option<PrivateServer>,
}

impl Server {
    fn superuser_url(&self) -> &str {
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

fn server() -> Result<&'static Server> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    let found = SERVER.get_or_init(|| Server::find_or_start().map_err(|error| format!("{error:#}")));
    found.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
}

/// A name that tells which process made the database, and that no other has.
fn new_name() -> String {
    let unique = RandomState::new().build_hasher().finish();
    format!("{NAME_START}{}_{unique:016x}", std::process::id())
}

fn with_database(url: &str, database: &str) -> Result<String> {
    let mut url = Url::parse(url).context("the address of the test server is no URL")?;
    url.set_path(database);
    Ok(url.into())
}

async fn connect(url: &str) -> Result<PgConnection> {
    PgConnection::connect(url).await.context("the test server does not answer")
}

async fn run(connection: &mut PgConnection, statement: String) -> Result<()> {
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
