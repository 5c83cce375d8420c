//! The database: an own one by its address, or the embedded one, which the program starts and stops itself.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use platform::config::Config;
use platform::db::embedded::{Embedded, EmbeddedError, EmbeddedSettings, SUPERUSER};
use platform::db::{DatabaseAddresses, bootstrap};
use secrecy::ExposeSecret as _;

use crate::start::secrets::AppSecret;

/// The database of the embedded server.
const EMBEDDED_DATABASE: &str = "machiya";

/// Who runs the database.
pub enum DatabaseHost {
    /// Somebody else, at `DATABASE_URL`.
    External,
    /// This process.
    Embedded(Box<Embedded>),
    /// Another process of ours, which runs the embedded server of the same data folder.
    Neighbour,
}

impl DatabaseHost {
    /// Stops the embedded server, after everybody else has let go of it.
    ///
    /// # Errors
    /// When it did not stop in time and was killed; nothing committed is lost.
    pub fn stop(self) -> Result<(), EmbeddedError> {
        match self {
            Self::Embedded(mut embedded) => embedded.stop(),
            Self::External | Self::Neighbour => Ok(()),
        }
    }
}

/// Reaches or starts the database, migrates it and makes the two log-ins.
///
/// # Errors
/// What is missing, in a sentence that a person can act on.
pub async fn open_database(config: &Config, secret: &AppSecret) -> Result<(DatabaseHost, DatabaseAddresses)> {
    let (host, owner_url) = match &config.database.url {
        Some(url) => (DatabaseHost::External, url.expose_secret().to_owned()),
        None => start_or_join(config).await?,
    };
    if !matches!(host, DatabaseHost::Neighbour) {
        schema::migrate(&owner_url).await.context("the database could not be brought up to date")?;
    }
    let settings = &config.database;
    let addresses = match (&settings.web_url, &settings.service_url) {
        (Some(web), Some(app)) => DatabaseAddresses {
            web_url: web.expose_secret().to_owned(),
            service_url: app.expose_secret().to_owned(),
            pool_size: settings.pool_size,
        },
        _ => bootstrap::log_ins(&owner_url, secret.expose(), settings.pool_size).await.context(
            "the log-ins machiya_web and machiya_service could not be made; make them yourself and set \
             MACHIYA_DATABASE_WEB_URL and MACHIYA_DATABASE_SERVICE_URL",
        )?,
    };
    Ok((host, addresses))
}

async fn start_or_join(config: &Config) -> Result<(DatabaseHost, String)> {
    let mut settings = EmbeddedSettings::new(&config.data_dir);
    settings.max_connections = config.database.pool_size * 2 + 20;
    if let Some(folder) = &config.database.postgres_bin {
        settings.search.named = Some(folder.clone());
    }
    let started = tokio::task::spawn_blocking(move || Embedded::start(&settings)).await?;
    match started {
        Ok(embedded) => {
            bootstrap::make_database(&embedded.connect_url(SUPERUSER, "postgres"), EMBEDDED_DATABASE)
                .await
                .context("the embedded database does not answer")?;
            let owner_url = embedded.connect_url(SUPERUSER, EMBEDDED_DATABASE);
            write_address(&address_file(config), &owner_url)?;
            Ok((DatabaseHost::Embedded(Box::new(embedded)), owner_url))
        }
        Err(fault @ EmbeddedError::InUse { .. }) => {
            // A `serve` of the same folder runs the server; a command such as `verify` works beside it.
            let owner_url = std::fs::read_to_string(address_file(config)).map_err(|_| fault)?;
            Ok((DatabaseHost::Neighbour, owner_url))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn address_file(config: &Config) -> PathBuf {
    config.data_path("database-address")
}

fn write_address(path: &PathBuf, owner_url: &str) -> Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(owner_url.as_bytes())?;
    Ok(())
}
