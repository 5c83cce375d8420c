//! Retries around one provider request.

use std::time::Duration;

use kernel::{Ctx, Random};

use super::model::{AnswerError, Failure, MadePicture, PictureRequest, ProviderKind};
use super::set::{Provider, Providers};
use super::text::{MadeText, TextRequest, TextSoFar};
use super::{sketch, sketch_text};

/// Requests after the first one, for reasons that may pass.
const RETRIES_MAX: u32 = 2;
/// The pause before the first retry; it doubles.
const PAUSE_MIN: Duration = Duration::from_secs(1);
/// After a longer pause than this the job is retried by the queue instead of by a waiting worker.
const PAUSE_MAX: Duration = Duration::from_secs(40);

/// How an attempt ended, and how often the provider was asked.
#[derive(Debug)]
pub(crate) struct Attempt<T> {
    /// What was made, or why nothing was.
    pub result: Result<T, Failure>,
    /// Requests that were sent; each may have been billed.
    pub calls: u32,
}

/// One request to a provider.
trait ProviderCall: Sync {
    type Made: Send;

    /// The provider's name of the model.
    fn model(&self) -> &str;

    /// Sends the request; `is_repeated` after an answer that held no result.
    fn send(&self, provider: &Provider, is_repeated: bool) -> impl Future<Output = Result<Self::Made, Failure>> + Send;
}

impl ProviderCall for PictureRequest {
    type Made = MadePicture;

    fn model(&self) -> &str {
        &self.model
    }

    async fn send(&self, provider: &Provider, is_repeated: bool) -> Result<MadePicture, Failure> {
        match provider {
            Provider::Gemini(gemini) => gemini.call(self, is_repeated).await,
            Provider::OpenAi(openai) => openai.call(self).await,
            Provider::Sketch => sketch::draw(self).await,
        }
    }
}

/// A text that is requested, and where it grows.
struct Writing<'a>(&'a TextRequest, &'a TextSoFar);

impl ProviderCall for Writing<'_> {
    type Made = MadeText;

    fn model(&self) -> &str {
        &self.0.model
    }

    async fn send(&self, provider: &Provider, _is_repeated: bool) -> Result<MadeText, Failure> {
        let Self(request, text_so_far) = self;
        text_so_far.send_replace(String::new());
        match provider {
            Provider::Gemini(gemini) => gemini.write(request, text_so_far).await,
            Provider::OpenAi(openai) => openai.write(request, text_so_far).await,
            Provider::Sketch => Ok(sketch_text::write(request)),
        }
    }
}

impl Providers {
    /// Asks `kind` for a picture. Asks once more for "the final image only" when an answer held none.
    pub(crate) async fn make_picture(
        &self,
        ctx: &Ctx,
        kind: ProviderKind,
        request: &PictureRequest,
    ) -> Attempt<MadePicture> {
        self.attempt(ctx, kind, request).await
    }

    /// Asks `kind` for a text, which grows in `text_so_far` while it is written.
    pub(crate) async fn write_text(
        &self,
        ctx: &Ctx,
        kind: ProviderKind,
        request: &TextRequest,
        text_so_far: &TextSoFar,
    ) -> Attempt<MadeText> {
        self.attempt(ctx, kind, &Writing(request, text_so_far)).await
    }

    /// Retries what may pass (at most twice, with jitter, honouring the provider's hint), repeats once what held no
    /// result, and never repeats a request whose outcome is unknown, a refusal or a used-up quota.
    async fn attempt<C: ProviderCall>(&self, ctx: &Ctx, kind: ProviderKind, call: &C) -> Attempt<C::Made> {
        let model = call.model();
        let Some(provider) = self.get(kind) else {
            let cause = format!("{kind} is not configured");
            return Attempt { result: Err(Failure::Misconfigured { cause }), calls: 0 };
        };
        if let Err(rest) = self.breakers.admit(kind, model, ctx.now()) {
            let after = Duration::try_from(rest).ok();
            let failure = Failure::Retryable { after, cause: "the circuit is open" };
            return Attempt { result: Err(failure), calls: 0 };
        }
        let (mut calls, mut retries, mut is_repeated) = (0, 0, false);
        loop {
            calls += 1;
            let failure = match call.send(provider, is_repeated).await {
                Ok(made) => {
                    self.breakers.succeeded(kind, model);
                    return Attempt { result: Ok(made), calls };
                }
                Err(failure) => failure,
            };
            tracing::warn!(provider = %kind, model, calls, %failure, "no result");
            let pause = match &failure {
                Failure::BadAnswer { error: AnswerError::NoPicture | AnswerError::NoText } if !is_repeated => {
                    is_repeated = true;
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
                self.breakers.failed(kind, model, &failure, ctx.now());
                return Attempt { result: Err(failure), calls };
            };
            self.sleeper.sleep(pause).await;
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
