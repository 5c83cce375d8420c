//! The parts that every request and job may use, made once at the start.

use std::ops::Deref;
use std::sync::Arc;

use kernel::{Actor, Clock, Ctx, Locale, Random, SystemReason};

use crate::config::model::Config;
use crate::db::database::Database;
use crate::http::response_cache::cache::ResponseCache;
use crate::i18n::Languages;
use crate::jobs::progress::ProgressFeed;
use crate::storage::backend::Storage;
use crate::tasks::Tasks;

/// A handle to the parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: AppParts,
    response_cache: ResponseCache,
}

/// The parts of an [`App`].
pub struct AppParts {
    /// The configuration.
    pub config: Config,
    /// The database, by two log-ins.
    pub db: Database,
    /// Stored files.
    pub storage: Storage,
    /// The source of the current time.
    pub clock: Clock,
    /// The source of randomness.
    pub random: Random,
    /// The messages in both languages.
    pub languages: Languages,
    /// Background tasks that shutdown waits for.
    pub tasks: Tasks,
    /// Announces progress of jobs.
    pub progress: ProgressFeed,
    /// One HTTP client for every provider: rustls, no redirects, no cookies.
    pub http: reqwest::Client,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(Inner { parts, response_cache: ResponseCache::default() }))
    }

    /// Answers that anonymous callers share.
    pub fn response_cache(&self) -> &ResponseCache {
        &self.0.response_cache
    }

    /// A context in which the platform itself acts.
    pub fn system_ctx(&self, reason: SystemReason) -> Ctx {
        self.ctx(Actor::System(reason), Locale::default())
    }

    /// A context for an actor.
    pub fn ctx(&self, actor: Actor, locale: Locale) -> Ctx {
        Ctx::new(actor, self.clock.clone(), self.random.clone(), locale)
    }

    /// The text of a message in a language; see [`Languages::text`].
    pub fn text(&self, locale: Locale, key: &str, args: &[(&str, &str)]) -> String {
        self.languages.text(locale, key, args)
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0.parts
    }
}

/// The client for every provider: TLS by rustls with ring, no redirects (a key must not follow a
/// provider elsewhere), at most ten seconds to connect.
///
/// # Errors
/// When the TLS roots of the machine cannot be read.
pub fn provider_client() -> Result<reqwest::Client, reqwest::Error> {
    // A second call finds the provider installed, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(std::time::Duration::from_secs(10))
        .user_agent(concat!("machiya/", env!("CARGO_PKG_VERSION")))
        .build()
}
