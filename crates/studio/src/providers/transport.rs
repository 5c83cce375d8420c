//! One HTTP request to a provider, bounded in time and size.

use std::time::Duration;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use reqwest::{Client, RequestBuilder, Response};

use super::model::{AnswerError, Failure};
use super::text::STREAM_BYTES_MAX;

/// Bytes of an answer at most: a 4K picture in base64 is about 40 MiB.
pub(crate) const ANSWER_BYTES_MAX: usize = 60 * 1024 * 1024;
/// How long a provider may take in all.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(300);
/// The longest pause that a provider's hint is believed for.
const HINT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// Padding is optional: servers that imitate the interface leave it out.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Limits of a connection to a provider.
#[derive(Clone, Copy, Debug)]
pub struct TransportLimits {
    /// From the first byte sent to the last byte received.
    pub timeout: Duration,
    /// Bytes of one answer.
    pub answer_bytes_max: usize,
}

impl Default for TransportLimits {
    fn default() -> Self {
        Self { timeout: TIMEOUT, answer_bytes_max: ANSWER_BYTES_MAX }
    }
}

/// Sends requests and reads answers.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    client: Client,
    limits: TransportLimits,
}

/// A complete answer, whatever its status.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Transport {
    /// Sends with the platform's client, which follows no redirect: the key would go with it.
    pub(super) const fn new(client: Client, limits: TransportLimits) -> Self {
        Self { client, limits }
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// Sends `request` and reads the whole answer.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Answered, Failure> {
        let response = request.timeout(self.limits.timeout).send().await.map_err(|error| classify(&error))?;
        self.read(response).await
    }

    async fn read(&self, mut response: Response) -> Result<Answered, Failure> {
        let declared = response.content_length().unwrap_or(0);
        if declared > u64::try_from(self.limits.answer_bytes_max).unwrap_or(u64::MAX) {
            return Err(Failure::bad_answer(AnswerError::TooLarge));
        }
        let mut body = BytesMut::with_capacity(usize::try_from(declared).unwrap_or(0));
        while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
            if body.len() + chunk.len() > self.limits.answer_bytes_max {
                return Err(Failure::bad_answer(AnswerError::TooLarge));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answered { status: response.status(), headers: response.headers().clone(), body: body.freeze() })
    }
}

impl Transport {
    /// Sends `request` and gives every `data:` line of the server-sent events that come back to `on_data`, until the
    /// stream ends or `on_data` has enough. An answer with another status than success is returned whole.
    pub(super) async fn stream(
        &self,
        request: RequestBuilder,
        mut on_data: impl FnMut(&[u8]) -> Result<Flow, Failure> + Send,
    ) -> Result<Option<Answered>, Failure> {
        let mut response = request.timeout(self.limits.timeout).send().await.map_err(|error| classify(&error))?;
        if !response.status().is_success() {
            return self.read(response).await.map(Some);
        }
        let (mut rest, mut received) = (BytesMut::new(), 0_usize);
        while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
            received = received.saturating_add(chunk.len());
            if received > STREAM_BYTES_MAX {
                return Err(Failure::bad_answer(AnswerError::TooLarge));
            }
            rest.extend_from_slice(&chunk);
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let line = rest.split_to(end + 1);
                if let Some(data) = line.strip_prefix(b"data:")
                    && matches!(on_data(data.trim_ascii())?, Flow::Enough)
                {
                    return Ok(None);
                }
            }
        }
        match rest.strip_prefix(b"data:") {
            Some(data) => on_data(data.trim_ascii()).map(|_| None),
            None => Ok(None),
        }
    }
}

/// Whether a stream is read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    More,
    Enough,
}

/// Without a connection nothing was sent; after that the outcome of a failed request is unknown.
fn classify(error: &reqwest::Error) -> Failure {
    if error.is_builder() {
        return Failure::Misconfigured { cause: "the provider's address cannot be used".to_owned() };
    }
    if error.is_connect() {
        return Failure::Retryable { after: None, cause: "no connection" };
    }
    if error.is_timeout() {
        return Failure::Unknown { cause: "no answer in time" };
    }
    Failure::Unknown { cause: "the connection was cut" }
}

/// `Retry-After` in seconds (providers do not send the date form), or the standard's millisecond variant.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let seconds = number("retry-after").or_else(|| number("retry-after-ms").map(|millis| millis / 1_000.0))?;
    bounded_seconds(seconds)
}

/// A pause as a provider writes it: `37s`, `1.5s`.
pub(super) fn parse_seconds(text: &str) -> Option<Duration> {
    bounded_seconds(text.trim().strip_suffix('s')?.parse().ok()?)
}

fn bounded_seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok().map(|pause| pause.min(HINT_MAX))
}
