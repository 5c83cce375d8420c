//! Google Gemini's image models: `POST {base}/{version}/models/{model}:generateContent`.

use base64::Engine as _;
use bytes::Bytes;
use http::StatusCode;
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
    transport: Transport,
}

impl Gemini {
    /// Speaks over `client`, which must follow no redirects.
    pub const fn new(client: reqwest::Client, settings: GeminiSettings) -> Self {
        Self { transport: Transport::new(client, settings.limits), settings }
    }

    /// One request, one answer. `picture_only` adds the sentence that helps after an answer without a picture.
    pub(super) async fn call(&self, request: &PictureRequest, picture_only: bool) -> Result<MadePicture, Failure> {
        let call = self
            .transport
            .client()
            .post(self.address(&request.model)?)
            .header("x-goog-api-key", self.settings.api_key.expose_secret())
            .json(&body(request, picture_only));
        let answered = self.transport.send(call).await?;
        if answered.status.is_success() { read_picture(&answered.body) } else { Err(read_error(&answered)) }
    }

    fn address(&self, model: &str) -> Result<Url, Failure> {
        let mut address = self.settings.base_url.clone();
        let unusable = || Failure::Misconfigured { cause: "the base address cannot have a path".to_owned() };
        let call = format!("{model}:generateContent");
        address.path_segments_mut().map_err(|()| unusable())?.pop_if_empty().extend([
            self.settings.api_version.as_str(),
            "models",
            call.as_str(),
        ]);
        Ok(address)
    }
}

fn body(request: &PictureRequest, picture_only: bool) -> Value {
    let text = if picture_only { format!("{}\n\n{PICTURE_ONLY}", request.text) } else { request.text.clone() };
    let mut image = json!({"aspectRatio": request.ratio.as_str()});
    if let Some(size) = &request.size {
        image["imageSize"] = json!(size);
    }
    json!({
        "contents": [{"role": "user", "parts": [{"text": text}]}],
        "safetySettings": [{"category": "HARM_CATEGORY_SEXUALLY_EXPLICIT", "threshold": "BLOCK_LOW_AND_ABOVE"}],
        "generationConfig": {"responseModalities": ["IMAGE"], "seed": request.seed, "imageConfig": image},
    })
}

/// Every member may be missing, and every name may be new: what is not known is text, never an error.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    candidates: Vec<Candidate>,
    prompt_feedback: Option<PromptFeedback>,
    usage_metadata: UsageMetadata,
    model_version: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    parts: Vec<Part>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Part {
    thought: bool,
    inline_data: Option<InlineData>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct InlineData {
    mime_type: String,
    data: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PromptFeedback {
    block_reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct UsageMetadata {
    prompt_token_count: i64,
    candidates_token_count: i64,
    total_token_count: i64,
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

fn blocked(reason: &str) -> Failure {
    let reason = match reason {
        "SAFETY" | "IMAGE_SAFETY" | "JAILBREAK" | "MODEL_ARMOR" => RefusalReason::Safety,
        "PROHIBITED_CONTENT" => RefusalReason::Prohibited,
        "BLOCKLIST" => RefusalReason::Blocklist,
        _ => RefusalReason::Unspecified,
    };
    Failure::Refused { reason }
}

fn refusal(finish: &str) -> Option<RefusalReason> {
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

fn read_error(answered: &Answered) -> Failure {
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
