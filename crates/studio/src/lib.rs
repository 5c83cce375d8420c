//! The studio: people make pictures here and keep them.
//!
//! - [`wardrobe`]: the five questions, and the prompt that comes of the answers.
//! - [`providers`]: Gemini, OpenAI and the embedded illustrator behind one enum.
//! - [`models`]: which of their models can be asked, as data.
//! - [`making`]: a request becomes a queued execution, and the execution a stored picture.
//! - [`generations`]: what was made, as its owner finds it again; my page.
//! - [`keeping`]: deleting, and what may not be deleted because it is on show, in use or was sold.
//! - [`retention`]: how long what was made is kept, by plan, and clearing away what is past its time.
//! - [`catalog`]: the platform's sample pictures.
//!
//! What always holds: a picture's original is private and leaves only by a signed link; what is stored is signed with
//! its content credentials and never changes; a failed generation costs its maker nothing; what is
//! on show, was sold or is in use is never cleared away.
//!
//! Absent on purpose: what a picture costs a customer and what they have (`credits`), and who may see or buy it
//! (`market`).

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use media::provenance::Seal;
use platform::App;
use platform::config::AiSettings;
use platform::jobs::Registry;

pub mod catalog;
pub mod deletion;
pub mod generation_jobs;
pub mod generations;
pub mod models;
pub mod providers;
pub mod retention;
pub mod wardrobe;

#[cfg(test)]
mod tests;

use providers::{
    Gemini, GeminiSettings, OpenAi, OpenAiDialect, OpenAiSettings, ProviderKind, Providers, Sleeper, TransportLimits,
};

/// What the studio's pages and jobs work with; cheap to clone.
#[derive(Clone)]
pub struct Studio {
    /// The platform.
    pub app: App,
    /// Who makes pictures.
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
    /// A studio with the providers that the configuration names.
    pub fn new(app: App, seal: Arc<Seal>) -> Self {
        Self::with_patience(app, seal, TransportLimits::default(), Sleeper::Timer)
    }

    /// As [`Studio::new`], with other limits and another way to wait.
    fn with_patience(app: App, seal: Arc<Seal>, limits: TransportLimits, sleeper: Sleeper) -> Self {
        let providers = Arc::new(providers_of(&app.config.ai, &app.http, limits, sleeper));
        Self { app, providers, seal }
    }
}

fn providers_of(ai: &AiSettings, client: &reqwest::Client, limits: TransportLimits, sleeper: Sleeper) -> Providers {
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

/// The studio's pages and API.
pub fn routes(studio: Studio) -> Router<App> {
    Router::new()
        .merge(generation_jobs::routes())
        .merge(generations::routes())
        .merge(generations::page_routes())
        .merge(catalog::routes())
        .merge(models::routes())
        .merge(wardrobe::page_routes())
        .with_state(studio)
}

/// The studio's work for the queue.
pub fn register_jobs(studio: &Studio) -> Registry {
    generation_jobs::register_jobs(studio)
        .and(deletion::register_jobs(studio))
        .and(retention::register_jobs(studio))
        .and(catalog::register_jobs(studio))
}

/// What the studio says of its API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = generation_jobs::openapi();
    document.merge(generations::openapi());
    document.merge(catalog::openapi());
    document.merge(models::openapi());
    document
}
