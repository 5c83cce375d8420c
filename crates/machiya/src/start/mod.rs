//! The platform comes into being: configuration, secrets, database, storage, and the parts that share them.

pub(crate) mod database;
pub(crate) mod secrets;

use std::sync::Arc;

use anyhow::{Context as _, Result};
use kernel::{Clock, Random};
use media::provenance::Seal;
use platform::config::{Config, StorageSettings};
use platform::jobs::ProgressFeed;
use platform::storage::{LinkSigner, Storage};
use platform::tasks::Tasks;
use platform::{App, AppParts, Database};

pub use database::{DatabaseHost, open_database};
pub use secrets::{AppSecret, sealing_key, signing_identity};

/// An installation that is ready to serve or to work.
pub struct Running {
    /// Its parts.
    pub app: App,
    /// Signs every picture that leaves.
    pub seal: Arc<Seal>,
    /// The embedded database, when that is the one in use; stopped last.
    pub host: DatabaseHost,
}

/// Opens the platform: finds or makes its secrets, starts or reaches its database, migrates it, makes the two log-ins.
///
/// # Errors
/// What is missing, in a sentence that a person can act on.
pub async fn open(mut config: Config) -> Result<Running> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", config.data_dir.display()))?;
    let secret = AppSecret::find_or_make(&config, &Random::system())?;
    if config.payments.stripe_webhook_secrets.is_empty() {
        // Only the sandbox comes here, and it signs and checks its events with the same key.
        config.payments.stripe_webhook_secrets = vec![secret.derive_text("sandbox webhook")];
    }
    config.sealing_key = Some(sealing_key(&config, &Random::system())?);
    let seal = Arc::new(Seal::new(signing_identity(&config, &Random::system())?).context("the seal")?);
    let (host, addresses) = open_database(&config, &secret).await?;
    let signer = LinkSigner::new(secret.expose());
    let storage = match &config.storage {
        StorageSettings::Folder => Storage::folder(&config.data_path("files"), signer)?,
        StorageSettings::Bucket(settings) => Storage::bucket(settings, signer)?,
    };
    let app = App::new(AppParts {
        storage,
        db: Database::open(&addresses)?,
        clock: Clock::System,
        random: Random::system(),
        languages: ui::languages(),
        tasks: Tasks::default(),
        progress: ProgressFeed::default(),
        http: platform::provider_client().context("the TLS roots of this machine")?,
        config,
    });
    app.db.check().await.context("the database does not answer")?;
    Ok(Running { app, seal, host })
}
