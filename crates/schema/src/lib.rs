//! The migrations, embedded in the program; nothing else.
//!
//! What always holds: a table, its indexes, its row level security and its grants come in one file; a file that has
//! been released never changes.

use sqlx::migrate::{MigrateError, Migrator};

/// Every migration in the order of its name.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// Brings the database at `owner_url` up to date. The log-in must own the database (or be a superuser).
///
/// # Errors
/// When the database cannot be reached, or a migration fails; a failed one leaves nothing behind.
pub async fn migrate(owner_url: &str) -> Result<(), MigrateError> {
    use sqlx::Connection as _;

    let mut connection = sqlx::PgConnection::connect(owner_url).await.map_err(MigrateError::Execute)?;
    // A queued ALTER TABLE blocks every later reader of the table: rather fail and be tried again.
    sqlx::query("set lock_timeout = '5s'").execute(&mut connection).await.map_err(MigrateError::Execute)?;
    MIGRATOR.run(&mut connection).await?;
    connection.close().await.map_err(MigrateError::Execute)
}
