//! The migrated database that tests get copies of.

use super::server::{LOG_IN_SECRET, NAME_START, Server, run, with_database};
use anyhow::{Context, Result};
use platform::db::bootstrap;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

/// The template's name for the migrations that this test was built with: other builds have others beside it.
pub(super) fn name() -> String {
    let mut hasher = Sha256::new();
    for migration in schema::MIGRATOR.iter() {
        hasher.update(migration.version.to_be_bytes());
        hasher.update(&migration.checksum);
    }
    format!("{NAME_START}template_{}", hex::encode(&hasher.finalize()[..8]))
}

/// Whether a copy failed because the template is not there.
pub(super) fn is_missing(error: &anyhow::Error) -> bool {
    let database_error = error.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    database_error.and_then(|error| error.code()).is_some_and(|code| code == "3D000")
}

/// Makes the template, unless another process does at this moment; then waits for that one.
pub(super) async fn make(superuser: &mut PgConnection, server: &Server, template: &str) -> Result<()> {
    run(superuser, format!("select pg_advisory_lock(hashtext('{template}'))")).await?;
    let made = make_alone(superuser, server, template).await;
    run(superuser, format!("select pg_advisory_unlock(hashtext('{template}'))")).await?;
    made
}

async fn make_alone(superuser: &mut PgConnection, server: &Server, template: &str) -> Result<()> {
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(template)
        .fetch_one(&mut *superuser)
        .await?;
    if exists {
        return Ok(());
    }
    let unfinished = format!("{template}_new");
    run(superuser, format!("drop database if exists {unfinished} with (force)")).await?;
    // The locale is stated, since a named server may have been made with another.
    run(superuser, format!("create database {unfinished} template template0 encoding 'UTF8' locale 'C.UTF-8'")).await?;
    let url = with_database(server.superuser_url(), &unfinished)?;
    schema::migrate(&url).await.context("a migration failed")?;
    bootstrap::log_ins(&url, LOG_IN_SECRET, 1).await.context("the log-ins could not be made")?;
    // The name is given last, so that a template under its final name is whole. The planner's figures are taken along,
    // lest every copy analyses its tables anew.
    run(superuser, format!("alter database {unfinished} with allow_connections false")).await?;
    run(superuser, format!("alter database {unfinished} rename to {template}")).await
}
