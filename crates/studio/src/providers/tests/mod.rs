use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel::{Actor, Clock, Ctx, Locale, ManualClock, Random, SystemReason};
use testkit::ai_doubles::{GEMINI_KEY, GeminiDouble, OPENAI_KEY, OpenAiDouble};
use time::macros::datetime;

use super::attempts::Attempt;
use super::gemini::{Gemini, GeminiSettings};
use super::model::{
    AnswerError, EditMask, Failure, Illustration, InputPicture, MadePicture, PictureRequest, ProviderKind,
    RefusalReason, Usage,
};
use super::openai::{OpenAi, OpenAiDialect, OpenAiSettings};
use super::set::Providers;
use super::sleeper::Sleeper;
use super::transport::{ANSWER_BYTES_MAX, TransportLimits};
use crate::aspect_ratio::AspectRatio;

mod edits;
mod gemini;
mod openai;
mod patience;
mod sketch;
mod texts;

/// Providers that never sleep, with a clock that stands still.
struct Fixture {
    ctx: Ctx,
    clock: ManualClock,
    pauses: Arc<Mutex<Vec<Duration>>>,
    providers: Providers,
}

impl Fixture {
    fn new(gemini: Option<GeminiSettings>, openai: Option<OpenAiSettings>) -> Self {
        let clock = ManualClock::starting_at(datetime!(2026-11-21 09:00 UTC));
        let actor = Actor::System(SystemReason::Job);
        let ctx = Ctx::new(actor, Clock::Manual(clock.clone()), Random::seeded(7), Locale::Ja);
        let pauses = Arc::default();
        let providers = Providers::new(
            gemini.map(|settings| Gemini::new(client(), settings)),
            openai.map(|settings| OpenAi::new(client(), settings)),
            Sleeper::Recorded(Arc::clone(&pauses)),
        );
        Self { ctx, clock, pauses, providers }
    }

    fn with_gemini(double: &GeminiDouble) -> Self {
        Self::new(Some(gemini_settings(double.base_url())), None)
    }

    fn with_openai(double: &OpenAiDouble, dialect: OpenAiDialect) -> Self {
        Self::new(None, Some(openai_settings(&double.base_url(), dialect)))
    }

    async fn gemini(&self) -> Attempt<MadePicture> {
        self.providers.make_picture(&self.ctx, ProviderKind::Gemini, &request("gemini-nano-banana-2.1")).await
    }

    async fn openai(&self) -> Attempt<MadePicture> {
        self.providers.make_picture(&self.ctx, ProviderKind::OpenAi, &request("gpt-image-2.5-flare")).await
    }

    fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().unwrap().clone()
    }
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

fn limits() -> TransportLimits {
    TransportLimits { timeout: Duration::from_millis(1_500), answer_bytes_max: ANSWER_BYTES_MAX }
}

fn gemini_settings(base_url: &str) -> GeminiSettings {
    GeminiSettings {
        base_url: base_url.parse().unwrap(),
        api_version: "v1beta".to_owned(),
        api_key: GEMINI_KEY.to_owned().into(),
        limits: limits(),
    }
}

fn openai_settings(base_url: &str, dialect: OpenAiDialect) -> OpenAiSettings {
    OpenAiSettings {
        base_url: base_url.parse().unwrap(),
        api_key: Some(OPENAI_KEY.to_owned().into()),
        dialect,
        picture_hosts: Vec::new(),
        limits: limits(),
    }
}

fn request(model: &str) -> PictureRequest {
    PictureRequest {
        model: model.to_owned(),
        text: "a coat. no hats".to_owned(),
        ratio: AspectRatio::ThreeToFour,
        size: Some("1K".to_owned()),
        pixels: Some((1024, 1536)),
        seed: 7,
        pictures: Vec::new(),
        mask: None,
        illustration: Some(Illustration { vibe: Some("elegant".to_owned()), ..Illustration::default() }),
        customer: "c0ffee".to_owned(),
    }
}

fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}
