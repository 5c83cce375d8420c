//! An installation without a database behind it, for tests and for looking at the style guide.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::{Clock, Random};
use platform::config::Config;
use platform::db::{Database, DatabaseAddresses};
use platform::jobs::ProgressFeed;
use platform::storage::{LinkSigner, Storage};
use platform::tasks::Tasks;
use platform::{App, AppParts};

/// An installation with these settings (`MACHIYA_…`), messages and randomness, whose database is never reached.
///
/// # Errors
/// When a setting is wrong or the folder for files cannot be made.
pub(crate) fn app_without_database(settings: &[(&str, &str)], files: &Path) -> anyhow::Result<App> {
    let environment: BTreeMap<String, String> =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let nowhere = "postgres://nobody@127.0.0.1:9/nothing".to_owned();
    let addresses = DatabaseAddresses { web_url: nowhere.clone(), service_url: nowhere, pool_size: 1 };
    // The client must exist although nothing is fetched; a second installation of the same provider is refused.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(App::new(AppParts {
        config: Config::from_sources("", &environment)?,
        db: Database::open(&addresses)?,
        storage: Storage::folder(files, LinkSigner::new(b"a stand-in's secret, known to everybody"))?,
        clock: Clock::System,
        random: Random::system(),
        languages: ui::languages(),
        tasks: Tasks::default(),
        progress: ProgressFeed::default(),
        http: reqwest::Client::builder().build()?,
    }))
}
