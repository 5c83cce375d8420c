//! Google Gemini's image models: `POST {base}/{version}/models/{model}:generateContent`.

use base64::Engine as _;
use bytes::Bytes;
use http::StatusCode;
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::model::{AnswerError, Failure, MadePicture, PictureRequest, RefusalReason, Usage};
use super::transport::{Answered, BASE64, Transport, TransportLimits, parse_seconds, retry_after};

/// Appended to the prompt after an answer without a picture.
const PICTURE_ONLY: &str = "Output the final image only.";

/// How to reach Gemini.
#[derive(Clone, Debug)]
pub struct GeminiSettings {
    /// Scheme and host, without the version.
    pub base_url: Url,
    /// `v1beta` or `v1`.
    pub api_version: String,
    /// Sent as a header, never in the address.
    pub api_key: SecretString,
    /// Time and size.
    pub limits: TransportLimits,
}

/// The client.
#[derive(Clone, Debug)]
pub struct Gemini {
    settings: GeminiSettings,
    pub(super) transport: Transport,
}

impl Gemini {
    /// Speaks over `client`, which must follow no redirects.
    pub const fn new(client: reqwest::Client, settings: GeminiSettings) -> Self {
        Self { transport: Transport::new(client, settings.limits), settings }
    }

    /// One request, one answer. `picture_only` adds the sentence that helps after an answer without a picture.
    pub(super) async fn call(&self, request: &PictureRequest, picture_only: bool) -> Result<MadePicture, Failure> {
        let address = self.address(&request.model, "generateContent")?;
        let call = self.post(address).json(&body(request, picture_only));
        let answered = self.transport.send(call).await?;
        if answered.status.is_success() { read_picture(&answered.body) } else { Err(read_error(&answered)) }
    }

    /// The key is only ever a header.
    pub(super) fn post(&self, address: Url) -> RequestBuilder {
        self.transport.client().post(address).header("x-goog-api-key", self.settings.api_key.expose_secret())
    }

    pub(super) fn address(&self, model: &str, method: &str) -> Result<Url, Failure> {
        let mut address = self.settings.base_url.clone();
        let unusable = || Failure::Misconfigured { cause: "the base address cannot have a path".to_owned() };
        let call = format!("{model}:{method}");
        address.path_segments_mut().map_err(|()| unusable())?.pop_if_empty().extend([
            self.settings.api_version.as_str(),
            "models",
            call.as_str(),
        ]);
        Ok(address)
    }
}

/// Said of the mask, for which the interface has no field.
const MASK_INSTRUCTION: &str = "The last picture is a mask of the first one. Change the first picture only where the mask \
    is white, keep everything else exactly as it is, and return the whole picture in the same framing.";

fn body(request: &PictureRequest, picture_only: bool) -> Value {
    let mut text = request.text.clone();
    for sentence in [(request.mask.is_some(), MASK_INSTRUCTION), (picture_only, PICTURE_ONLY)] {
        if sentence.0 {
            text.push_str("\n\n");
            text.push_str(sentence.1);
        }
    }
    let mut parts = vec![json!({"text": text})];
    parts.extend(request.pictures.iter().map(|picture| inline(&picture.bytes, &picture.mime_type)));
    parts.extend(request.mask.iter().map(|mask| inline(&mask.white, "image/png")));
    let mut image = json!({"aspectRatio": request.ratio.as_str()});
    if let Some(size) = &request.size {
        image["imageSize"] = json!(size);
    }
    json!({
        "contents": [{"role": "user", "parts": parts}],
        "safetySettings": [{"category": "HARM_CATEGORY_SEXUALLY_EXPLICIT", "threshold": "BLOCK_LOW_AND_ABOVE"}],
        "generationConfig": {"responseModalities": ["IMAGE"], "seed": request.seed, "imageConfig": image},
    })
}

/// A file as a part of a request.
pub(super) fn inline(bytes: &[u8], mime_type: &str) -> Value {
    json!({"inlineData": {"mimeType": mime_type, "data": BASE64.encode(bytes)}})
}

/// Every member may be missing, and every name may be new: what is not known is text, never an error.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Answer {
    pub(super) candidates: Vec<Candidate>,
    pub(super) prompt_feedback: Option<PromptFeedback>,
    pub(super) usage_metadata: UsageMetadata,
    pub(super) model_version: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Candidate {
    pub(super) content: Option<Content>,
    pub(super) finish_reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Content {
    pub(super) parts: Vec<Part>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Part {
    pub(super) thought: bool,
    pub(super) text: String,
    inline_data: Option<InlineData>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct InlineData {
    mime_type: String,
    data: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PromptFeedback {
    pub(super) block_reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UsageMetadata {
    pub(super) prompt_token_count: i64,
    pub(super) candidates_token_count: i64,
    pub(super) total_token_count: i64,
}

fn read_picture(body: &[u8]) -> Result<MadePicture, Failure> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| Failure::bad_answer(AnswerError::NotUnderstood))?;
    let usage = Usage {
        input_tokens: answer.usage_metadata.prompt_token_count,
        output_tokens: answer.usage_metadata.candidates_token_count,
        total_tokens: answer.usage_metadata.total_token_count,
    };
    // A block is a success without candidates.
    if let Some(reason) = answer.prompt_feedback.and_then(|feedback| feedback.block_reason) {
        return Err(blocked(&reason));
    }
    let Some(candidate) = answer.candidates.into_iter().next() else {
        return Err(Failure::bad_answer(AnswerError::NoPicture));
    };
    let finish = candidate.finish_reason.unwrap_or_default();
    if let Some(reason) = refusal(&finish) {
        return Err(Failure::Refused { reason });
    }
    // Thoughts may hold interim pictures; the last picture that is not a thought is the answer.
    let parts = candidate.content.unwrap_or_default().parts;
    let picture = parts.into_iter().filter(|part| !part.thought).filter_map(|part| part.inline_data).next_back();
    let Some(picture) = picture.filter(|picture| !picture.data.is_empty()) else {
        return Err(Failure::bad_answer(without_picture(&finish)));
    };
    let bytes = BASE64.decode(picture.data).map_err(|_| Failure::bad_answer(AnswerError::BrokenEncoding))?;
    Ok(MadePicture {
        bytes: Bytes::from(bytes),
        claimed_type: picture.mime_type,
        model_version: answer.model_version,
        usage,
    })
}

pub(super) fn blocked(reason: &str) -> Failure {
    let reason = match reason {
        "SAFETY" | "IMAGE_SAFETY" | "JAILBREAK" | "MODEL_ARMOR" => RefusalReason::Safety,
        "PROHIBITED_CONTENT" => RefusalReason::Prohibited,
        "BLOCKLIST" => RefusalReason::Blocklist,
        _ => RefusalReason::Unspecified,
    };
    Failure::Refused { reason }
}

pub(super) fn refusal(finish: &str) -> Option<RefusalReason> {
    match finish {
        "SAFETY" | "IMAGE_SAFETY" => Some(RefusalReason::Safety),
        "PROHIBITED_CONTENT" | "IMAGE_PROHIBITED_CONTENT" => Some(RefusalReason::Prohibited),
        "BLOCKLIST" => Some(RefusalReason::Blocklist),
        "SPII" => Some(RefusalReason::PersonalData),
        "RECITATION" | "IMAGE_RECITATION" => Some(RefusalReason::Recitation),
        _ => None,
    }
}

/// `STOP` without a picture happens, and is worth one more try, as `NO_IMAGE` is.
fn without_picture(finish: &str) -> AnswerError {
    match finish {
        "" | "STOP" | "NO_IMAGE" | "FINISH_REASON_UNSPECIFIED" => AnswerError::NoPicture,
        "MAX_TOKENS" => AnswerError::CutShort,
        _ => AnswerError::EndedOtherwise,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ErrorAnswer {
    error: ErrorBody,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ErrorBody {
    status: String,
    details: Vec<ErrorDetail>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ErrorDetail {
    reason: String,
    violations: Vec<QuotaViolation>,
    retry_delay: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct QuotaViolation {
    quota_id: String,
}

pub(super) fn read_error(answered: &Answered) -> Failure {
    let error = serde_json::from_slice::<ErrorAnswer>(&answered.body).unwrap_or_default().error;
    let hint = error.details.iter().find_map(|detail| parse_seconds(detail.retry_delay.as_deref()?));
    let after = hint.or_else(|| retry_after(&answered.headers));
    match answered.status {
        StatusCode::TOO_MANY_REQUESTS if is_daily(&error) => Failure::QuotaExhausted,
        StatusCode::TOO_MANY_REQUESTS => Failure::Retryable { after, cause: "too many requests" },
        StatusCode::REQUEST_TIMEOUT => Failure::Retryable { after, cause: "the provider waited in vain" },
        status if status.is_server_error() => Failure::Retryable { after, cause: "the provider is in trouble" },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => refused_access(answered, &error),
        StatusCode::BAD_REQUEST if is_about_access(&error) => refused_access(answered, &error),
        _ => Failure::bad_answer(AnswerError::Rejected),
    }
}

fn is_daily(error: &ErrorBody) -> bool {
    error.details.iter().flat_map(|detail| &detail.violations).any(|violation| violation.quota_id.contains("PerDay"))
}

fn is_about_access(error: &ErrorBody) -> bool {
    error.status == "FAILED_PRECONDITION" || error.details.iter().any(|detail| detail.reason.starts_with("API_KEY_"))
}

/// Only the status goes into the log: a provider's message may quote the key.
fn refused_access(answered: &Answered, error: &ErrorBody) -> Failure {
    let known = error.status.chars().all(|char| char.is_ascii_uppercase() || char == '_');
    let status = if known { error.status.as_str() } else { "" };
    Failure::Misconfigured { cause: format!("gemini answered {} {status}", answered.status.as_u16()) }
}
