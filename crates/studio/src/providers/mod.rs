//! The providers of pictures behind one enum: thin clients that say exactly how a request ended.
//!
//! What always holds: a request has a time limit and an answer a size limit; a key is only ever a header; a refusal is
//! told apart from a failure, and "not made" from "nobody knows"; what a provider sends is bytes of unknown nature
//! until `media` has looked at them.

mod attempts;
mod breaker;
mod gemini;
mod model;
mod openai;
mod sketch;
mod transport;

#[cfg(test)]
mod tests;

use breaker::Breakers;

pub use attempts::{Attempt, Sleeper};
pub use gemini::{Gemini, GeminiSettings};
pub use model::{
    AnswerError, Failure, MadePicture, PictureRequest, ProviderKind, RefusalReason, UnknownProvider, Usage,
};
pub use openai::{OpenAi, OpenAiDialect, OpenAiSettings};
pub use transport::{ANSWER_BYTES_MAX, TIMEOUT, TransportLimits};

/// A provider that can be asked.
#[derive(Clone, Debug)]
pub enum Provider {
    /// Google Gemini.
    Gemini(Gemini),
    /// OpenAI or a compatible server.
    OpenAi(OpenAi),
    /// The embedded illustrator.
    Sketch,
}

/// The providers that this house has, and how patient it is with them. The illustrator is always among them.
#[derive(Debug)]
pub struct Providers {
    gemini: Option<Provider>,
    openai: Option<Provider>,
    sketch: Provider,
    preferred: Option<ProviderKind>,
    breakers: Breakers,
    sleeper: Sleeper,
}

impl Providers {
    /// The platform's providers; those that are not set up are `None`.
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

    /// Asks `kind` when nobody chose, provided that it is set up.
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

    /// How this house waits.
    pub(crate) const fn sleeper(&self) -> &Sleeper {
        &self.sleeper
    }

    const fn get(&self, kind: ProviderKind) -> Option<&Provider> {
        match kind {
            ProviderKind::Gemini => self.gemini.as_ref(),
            ProviderKind::OpenAi => self.openai.as_ref(),
            ProviderKind::Sketch => Some(&self.sketch),
        }
    }
}
