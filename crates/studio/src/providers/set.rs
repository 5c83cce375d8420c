//! The providers of this installation: which are configured, and which is asked when nobody chooses.

use super::breaker::Breakers;
use super::gemini::Gemini;
use super::model::ProviderKind;
use super::openai::OpenAi;
use super::sleeper::Sleeper;

/// A provider that can be asked.
#[derive(Clone, Debug)]
pub(crate) enum Provider {
    /// Google Gemini.
    Gemini(Gemini),
    /// OpenAI or a compatible server.
    OpenAi(OpenAi),
    /// The embedded illustrator.
    Sketch,
}

/// The configured providers with their circuit breakers. The embedded illustrator is always among them.
#[derive(Debug)]
pub struct Providers {
    gemini: Option<Provider>,
    openai: Option<Provider>,
    sketch: Provider,
    preferred: Option<ProviderKind>,
    pub(super) breakers: Breakers,
    pub(super) sleeper: Sleeper,
}

impl Providers {
    /// The providers of an installation; `None` for those that are not configured.
    pub fn new(gemini: Option<Gemini>, openai: Option<OpenAi>, sleeper: Sleeper) -> Self {
        Self {
            gemini: gemini.map(Provider::Gemini),
            openai: openai.map(Provider::OpenAi),
            sketch: Provider::Sketch,
            preferred: None,
            breakers: Breakers::default(),
            sleeper,
        }
    }

    /// Whether `kind` can be asked.
    pub fn has(&self, kind: ProviderKind) -> bool {
        self.get(kind).is_some()
    }

    /// Asks `kind` when nobody chose, provided that it is configured.
    #[must_use]
    pub const fn preferring(mut self, kind: ProviderKind) -> Self {
        self.preferred = Some(kind);
        self
    }

    /// The provider that is asked when nobody chose: the preferred one, else a real one before the illustrator.
    pub fn preferred(&self) -> ProviderKind {
        let all = self.preferred.into_iter().chain(ProviderKind::ALL);
        all.into_iter().find(|kind| self.has(*kind)).unwrap_or(ProviderKind::Sketch)
    }

    /// How to wait between attempts.
    pub(crate) const fn sleeper(&self) -> &Sleeper {
        &self.sleeper
    }

    pub(super) const fn get(&self, kind: ProviderKind) -> Option<&Provider> {
        match kind {
            ProviderKind::Gemini => self.gemini.as_ref(),
            ProviderKind::OpenAi => self.openai.as_ref(),
            ProviderKind::Sketch => Some(&self.sketch),
        }
    }
}
