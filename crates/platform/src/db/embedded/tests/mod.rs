//! Real servers, real signals. Each test has a data folder of its own.

mod kill;
mod life;
mod refusals;
mod search;

use super::{Embedded, EmbeddedError, EmbeddedSettings, SUPERUSER};
use sqlx::{Connection, Row};
use std::path::{Path, PathBuf};

/// A data folder that is removed with everything in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("machiya-embedded-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    fn cluster(&self) -> PathBuf {
        self.0.join("postgres/cluster")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn settings(data_dir: &Path) -> EmbeddedSettings {
    EmbeddedSettings { max_connections: 20, ..EmbeddedSettings::new(data_dir) }
}

fn start(data_dir: &Path) -> Result<Embedded, EmbeddedError> {
    Embedded::start(&settings(data_dir))
}

/// Runs one statement as the owner and returns the first column of its last row as text.
fn sql(database: &Embedded, statement: &'static str) -> Option<String> {
    try_sql(database, statement).unwrap()
}

fn try_sql(database: &Embedded, statement: &'static str) -> sqlx::Result<Option<String>> {
    let url = database.connect_url(SUPERUSER, "postgres");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(&url).await?;
        let rows = sqlx::raw_sql(statement).fetch_all(&mut connection).await?;
        connection.close().await?;
        Ok(rows.last().and_then(|row| row.try_get(0).ok()))
    })
}
