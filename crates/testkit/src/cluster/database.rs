//! The database of a test.

use anyhow::Result;
use sqlx::Connection as _;

use super::server::{Server, connect, new_name, run, server, with_database};
use super::{clean_up, template};

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
