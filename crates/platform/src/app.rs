//! The platform: everything that a request or a job may use, made once at the start.

use std::ops::Deref;
use std::sync::Arc;

use kernel::{Actor, Clock, Ctx, Locale, Random, SystemReason};

use crate::config::Config;
use crate::db::Database;
use crate::http::SharedAnswers;
use crate::i18n::Languages;
use crate::jobs::ProgressFeed;
use crate::storage::Storage;
use crate::tasks::Tasks;

/// A handle to the parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Whole>);

struct Whole {
    parts: AppParts,
    shared: SharedAnswers,
}

/// The parts.
pub struct AppParts {
    /// What was configured.
    pub config: Config,
    /// The database, by two log-ins.
    pub db: Database,
    /// Where files are.
    pub storage: Storage,
    /// The time.
    pub clock: Clock,
    /// The luck.
    pub random: Random,
    /// The words.
    pub languages: Languages,
    /// Background work that shutdown waits for.
    pub tasks: Tasks,
    /// Wakes those who wait for the progress of a job.
    pub progress: ProgressFeed,
    /// One HTTP client for every provider: rustls, no redirects, no cookies.
    pub http: reqwest::Client,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(Whole { parts, shared: SharedAnswers::default() }))
    }

    /// The answers that strangers share.
    pub fn shared(&self) -> &SharedAnswers {
        &self.0.shared
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

/// The client for every provider: TLS by rustls with ring, no redirects (a provider that moves is a fault, and a key must
/// not follow it elsewhere), at most ten seconds to connect.
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
