//! Retries around one provider request.

use std::time::Duration;

use kernel::{Ctx, Random};

use super::model::{AnswerError, Failure, MadePicture, PictureRequest, ProviderKind};
use crate::providers::set::{Provider, Providers};

/// Requests after the first one, for reasons that may pass.
const RETRIES_MAX: u32 = 2;
/// The pause before the first retry; it doubles.
const PAUSE_MIN: Duration = Duration::from_secs(1);
/// After a longer pause than this the job is retried by the queue instead of by a waiting worker.
const PAUSE_MAX: Duration = Duration::from_secs(40);

/// How an attempt ended, and how often the provider was asked.
#[derive(Debug)]
pub struct Attempt {
    /// The picture, or why there is none.
    pub result: Result<MadePicture, Failure>,
    /// Requests that were sent; each may have been billed.
    pub calls: u32,
}

impl Providers {
    /// Asks `kind` for a picture. Retries what may pass (at most twice, with jitter, honouring the provider's hint),
    /// asks once more for "the final image only" when an answer held none, and never repeats a request whose end is
    /// unknown, a refusal or a used-up quota.
    pub async fn make_picture(&self, ctx: &Ctx, kind: ProviderKind, request: &PictureRequest) -> Attempt {
        let Some(provider) = self.get(kind) else {
            let cause = format!("{kind} is not set up");
            return Attempt { result: Err(Failure::Misconfigured { cause }), calls: 0 };
        };
        if let Err(rest) = self.breakers.admit(kind, &request.model, ctx.now()) {
            let after = Duration::try_from(rest).ok();
            let failure = Failure::Retryable { after, cause: "the provider is being left alone" };
            return Attempt { result: Err(failure), calls: 0 };
        }
        let (mut calls, mut retries, mut picture_only) = (0, 0, false);
        loop {
            calls += 1;
            let failure = match provider.call(request, picture_only).await {
                Ok(picture) => {
                    self.breakers.succeeded(kind, &request.model);
                    return Attempt { result: Ok(picture), calls };
                }
                Err(failure) => failure,
            };
            tracing::warn!(provider = %kind, model = request.model, calls, %failure, "no picture");
            let pause = match &failure {
                Failure::BadAnswer { error: AnswerError::NoPicture } if !picture_only => {
                    picture_only = true;
                    Some(Duration::ZERO)
                }
                Failure::Retryable { after, .. } if retries < RETRIES_MAX => {
                    let pause = pause_before_retry(ctx.random(), retries, *after);
                    retries += 1;
                    (pause <= PAUSE_MAX).then_some(pause)
                }
                _ => None,
            };
            let Some(pause) = pause else {
                self.breakers.failed(kind, &request.model, &failure, ctx.now());
                return Attempt { result: Err(failure), calls };
            };
            self.sleeper.sleep(pause).await;
        }
    }
}

impl Provider {
    async fn call(&self, request: &PictureRequest, picture_only: bool) -> Result<MadePicture, Failure> {
        match self {
            Self::Gemini(gemini) => gemini.call(request, picture_only).await,
            Self::OpenAi(openai) => openai.call(request).await,
            Self::Sketch => super::sketch::draw(request).await,
        }
    }
}

/// Doubling with up to as much again at random; never earlier than the provider asked.
fn pause_before_retry(random: &Random, retries: u32, hint: Option<Duration>) -> Duration {
    let base = PAUSE_MIN * 2_u32.saturating_pow(retries);
    let span_ms = u64::try_from(base.as_millis()).unwrap_or(u64::MAX);
    let jitter = Duration::from_millis(random.below(span_ms));
    hint.unwrap_or(base).max(base) + jitter
}
