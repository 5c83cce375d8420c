//! The state that the studio's handlers and jobs share.

use std::sync::Arc;

use axum::extract::FromRef;
use media::provenance::Seal;
use platform::App;
use platform::config::AiSettings;

use crate::providers::gemini::{Gemini, GeminiSettings};
use crate::providers::model::ProviderKind;
use crate::providers::openai::{OpenAi, OpenAiDialect, OpenAiSettings};
use crate::providers::set::Providers;
use crate::providers::sleeper::Sleeper;
use crate::providers::transport::TransportLimits;

/// The platform, the providers and the signer; cheap to clone.
#[derive(Clone)]
pub struct Studio {
    /// The platform.
    pub app: App,
    /// The AI providers.
    pub providers: Arc<Providers>,
    /// Signs every picture before it is stored.
    pub seal: Arc<Seal>,
}

impl FromRef<Studio> for App {
    fn from_ref(studio: &Studio) -> Self {
        studio.app.clone()
    }
}

impl Studio {
    /// The state with the providers that the configuration names.
    pub fn new(app: App, seal: Arc<Seal>) -> Self {
        Self::with_patience(app, seal, TransportLimits::default(), Sleeper::Timer)
    }

    /// As [`Studio::new`], with other limits and another way to wait.
    pub(crate) fn with_patience(app: App, seal: Arc<Seal>, limits: TransportLimits, sleeper: Sleeper) -> Self {
        let providers = Arc::new(providers_of(&app.config.ai, &app.http, limits, sleeper));
        Self { app, providers, seal }
    }
}

pub(crate) fn providers_of(
    ai: &AiSettings,
    client: &reqwest::Client,
    limits: TransportLimits,
    sleeper: Sleeper,
) -> Providers {
    let gemini = ai.google_api_key.clone().map(|api_key| GeminiSettings {
        base_url: ai.gemini_base_url.clone(),
        api_version: ai.gemini_api_version.clone(),
        api_key,
        limits,
    });
    let is_original = ai.openai_base_url.host_str() == Some("api.openai.com");
    // A compatible server needs no key; its address alone says that it is there.
    let openai = (ai.openai_api_key.is_some() || !is_original).then(|| OpenAiSettings {
        base_url: ai.openai_base_url.clone(),
        api_key: ai.openai_api_key.clone(),
        dialect: if is_original { OpenAiDialect::Original } else { OpenAiDialect::Compatible },
        picture_hosts: ai.picture_hosts.clone(),
        limits,
    });
    Providers::new(
        gemini.map(|settings| Gemini::new(client.clone(), settings)),
        openai.map(|settings| OpenAi::new(client.clone(), settings)),
        sleeper,
    )
    .preferring(ai.image_provider.parse().unwrap_or(ProviderKind::Sketch))
}
