//! A double of Google Gemini's image models.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

use super::pictures::{PictureFile, size_at_1k};
use super::text::{EndReason, TEXT_TOKENS, TextAnswer, TextEvents, stream_of};
use super::wire::{LocalServer, RecordedRequest, WireError, World, act_out, json_response};

/// What the double answers.
#[derive(Clone, Debug)]
pub enum GeminiAnswer {
    /// A picture, as it normally comes: a sentence first, then the picture.
    Picture(PictureFile),
    /// Interim pictures inside thoughts, then the picture.
    PictureAfterThoughts,
    /// A picture among names that no client has heard of.
    PictureAmongUnknownNames,
    /// `finishReason` with this value and no picture; with a sentence, for `STOP`.
    Finish(&'static str),
    /// Only a thought holds a picture.
    ThoughtOnly,
    /// No candidates; `promptFeedback.blockReason` with this value.
    Blocked(&'static str),
    /// A picture in base64 that ends in the middle of a group.
    TruncatedBase64,
    /// 429 with `RetryInfo`, as for a limit per minute.
    RateLimited {
        /// Such as `37s`.
        retry_delay: &'static str,
    },
    /// 429 with a `QuotaFailure` per day.
    DailyQuota,
    /// 400 with `API_KEY_INVALID`.
    InvalidKey,
    /// 400 with `INVALID_ARGUMENT` for the request itself.
    InvalidArgument,
    /// 5xx in the provider's own JSON.
    Unavailable,
    /// Trouble below the interface.
    Wire(WireError),
}

/// The double: a server that speaks `generateContent` and refuses what the real one refuses.
#[derive(Debug)]
pub struct GeminiDouble {
    server: LocalServer,
    world: Arc<World<GeminiAnswer>>,
    texts: Arc<World<TextAnswer>>,
}

/// The scripts of pictures and of texts.
#[derive(Clone)]
struct Scripts {
    world: Arc<World<GeminiAnswer>>,
    texts: Arc<World<TextAnswer>>,
}

/// The only key that the double accepts.
pub const GEMINI_KEY: &str = "test-gemini-key";
const MODELS: [&str; 5] = [
    "gemini-nano-banana-2.1",
    "gemini-3-pro-image",
    "gemini-3.1-flash-image",
    "gemini-3.1-flash-lite-image",
    "gemini-2.5-flash-image",
];

impl GeminiDouble {
    /// Starts a double that answers with pictures.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> anyhow::Result<Self> {
        let world = World::new(GeminiAnswer::Picture(PictureFile::Png));
        let texts = World::new(TextAnswer::Text("The text of the double.".to_owned()));
        let scripts = Scripts { world: world.clone(), texts: texts.clone() };
        let router = Router::new().route("/{version}/models/{call}", post(answer)).with_state(scripts);
        Ok(Self { server: LocalServer::start(router).await?, world, texts })
    }

    /// Scheme, host and port.
    pub fn base_url(&self) -> &str {
        &self.server.base_url
    }

    /// The next answers, in this order; after them come pictures again.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = GeminiAnswer>) {
        self.world.push(answers);
    }

    /// The answer to everything that has no answer of its own.
    pub fn answer_always(&self, answer: GeminiAnswer) {
        self.world.set_otherwise(answer);
    }

    /// The next texts, in this order; after them comes a sentence.
    pub fn write_next(&self, answers: impl IntoIterator<Item = TextAnswer>) {
        self.texts.push(answers);
    }

    /// Every text that has no answer of its own.
    pub fn write_always(&self, answer: TextAnswer) {
        self.texts.set_otherwise(answer);
    }

    /// How long every answer takes.
    pub fn take(&self, pause: Duration) {
        self.world.set_pause(pause);
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.world.requests()
    }

    /// Pictures that were made and would be billed.
    pub fn pictures_made(&self) -> u32 {
        self.world.made()
    }
}

async fn answer(State(Scripts { world, texts }): State<Scripts>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024 * 1024).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path_and_query = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    world.record(RecordedRequest { path_and_query, headers: head.headers.clone(), body: body.clone() });

    if head.headers.get("x-goog-api-key").is_none_or(|key| key != GEMINI_KEY) {
        return invalid_key();
    }
    let text_model = head.uri.path().rsplit('/').next().and_then(|call| call.strip_suffix(":streamGenerateContent"));
    if let Some(model) = text_model {
        return match check_text(model, &body) {
            Ok(()) => stream_of(texts.next().await, &GeminiEvents)
                .unwrap_or_else(|| error(503, "UNAVAILABLE", "The model is overloaded.", &json!([]))),
            Err(message) => error(400, "INVALID_ARGUMENT", &message, &json!([])),
        };
    }
    let model = head.uri.path().rsplit('/').next().and_then(|call| call.strip_suffix(":generateContent"));
    if model.is_none_or(|model| !MODELS.contains(&model)) {
        return error(404, "NOT_FOUND", "models/x is not found for API version v1beta", &json!([]));
    }
    match check(&body) {
        Ok(size_px) => script(&world, size_px).await,
        Err(message) => error(400, "INVALID_ARGUMENT", &message, &json!([])),
    }
}

/// Refuses what the real interface refuses of a request for a text.
fn check_text(model: &str, body: &Value) -> Result<(), String> {
    let known = ["maxOutputTokens", "seed", "temperature", "responseMimeType", "responseSchema"];
    let config = body["generationConfig"].as_object().ok_or("Invalid JSON payload received.")?;
    if let Some(unknown) = config.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("Unknown name \"{unknown}\": Cannot find field."));
    }
    if !["gemini-3.8-flash", "gemini-3.5-flash-lite"].contains(&model) {
        return Err(format!("models/{model} is not found for API version v1beta"));
    }
    if config.contains_key("responseSchema") && config.get("responseMimeType") != Some(&json!("application/json")) {
        return Err("response_schema needs response_mime_type application/json".to_owned());
    }
    if body["contents"][0]["parts"][0]["text"].as_str().is_none_or(str::is_empty) {
        return Err("contents is not specified".to_owned());
    }
    Ok(())
}

#[derive(Clone)]
struct GeminiEvents;

impl TextEvents for GeminiEvents {
    fn piece(&self, text: &str) -> String {
        json!({"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}],
               "modelVersion": "gemini-3.8-flash-001"})
        .to_string()
    }

    fn end(&self, reason: EndReason) -> Vec<String> {
        let (asked, answered) = TEXT_TOKENS;
        let reason = match reason {
            EndReason::Done => "STOP",
            EndReason::Limit => "MAX_TOKENS",
            EndReason::Refused => "SAFETY",
        };
        let usage = json!({"promptTokenCount": asked, "candidatesTokenCount": answered,
                           "totalTokenCount": asked + answered});
        vec![json!({"candidates": [{"finishReason": reason, "index": 0}], "usageMetadata": usage}).to_string()]
    }
}

/// Refuses what the real interface refuses, and gives the size that the request asks for.
fn check(body: &Value) -> Result<(u32, u32), String> {
    let config = &body["generationConfig"];
    let known = ["contents", "systemInstruction", "safetySettings", "generationConfig"];
    let known_config = ["responseModalities", "seed", "imageConfig", "temperature"];
    let known_image = ["aspectRatio", "imageSize"];
    for (object, known) in [(body, &known[..]), (config, &known_config[..]), (&config["imageConfig"], &known_image[..])]
    {
        let names = object.as_object().ok_or("Invalid JSON payload received.")?.keys();
        if let Some(unknown) = names.into_iter().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("Unknown name \"{unknown}\": Cannot find field."));
        }
    }
    if body["contents"][0]["parts"][0]["text"].as_str().is_none_or(str::is_empty) {
        return Err("contents is not specified".to_owned());
    }
    if config["seed"].as_i64().is_some_and(|seed| i32::try_from(seed).is_err()) {
        return Err("Invalid value at 'generation_config.seed' (TYPE_INT32)".to_owned());
    }
    let ratio = config["imageConfig"]["aspectRatio"].as_str().unwrap_or("1:1");
    size_at_1k(ratio).ok_or_else(|| format!("aspect_ratio {ratio} is not supported"))
}

async fn script(world: &World<GeminiAnswer>, size_px: (u32, u32)) -> Response {
    let sentence = json!({"text": "Here is the picture."});
    let picture = |file: PictureFile| {
        let (bytes, kind) = file.file(size_px, world.count());
        json!({"inlineData": {"mimeType": kind, "data": STANDARD.encode(bytes)}})
    };
    let thought = |mut part: Value| {
        part["thought"] = json!(true);
        part
    };
    match world.next().await {
        GeminiAnswer::Picture(file) => success(&json!([sentence, picture(file)]), "STOP"),
        GeminiAnswer::PictureAfterThoughts => {
            let interim = thought(json!({"inlineData": {"mimeType": "image/png", "data": "bm90IHRoZSBhbnN3ZXI="}}));
            success(&json!([interim, thought(sentence), picture(PictureFile::Png)]), "STOP")
        }
        GeminiAnswer::PictureAmongUnknownNames => {
            let unknown = json!({"hologram": {"data": "x"}, "thoughtSignature": "abc"});
            success(&json!([unknown, picture(PictureFile::Png)]), "FINISHED_WITH_FLOURISH")
        }
        GeminiAnswer::Finish("STOP") => success(&json!([sentence]), "STOP"),
        GeminiAnswer::Finish(reason) => json_response(
            StatusCode::OK,
            json!({"candidates": [{"finishReason": reason, "index": 0}], "usageMetadata": {}}),
        ),
        GeminiAnswer::ThoughtOnly => success(&json!([thought(picture(PictureFile::Png))]), "STOP"),
        GeminiAnswer::Blocked(reason) => {
            json_response(StatusCode::OK, json!({"promptFeedback": {"blockReason": reason}, "usageMetadata": {}}))
        }
        GeminiAnswer::TruncatedBase64 => {
            let mut part = picture(PictureFile::Png);
            let data = part["inlineData"]["data"].as_str().unwrap_or_default();
            // Five characters more than a whole group leave one that stands for no byte.
            let cut = &data[..401.min(data.len())];
            part["inlineData"]["data"] = json!(cut);
            success(&json!([part]), "STOP")
        }
        GeminiAnswer::RateLimited { retry_delay } => rate_limited(retry_delay),
        GeminiAnswer::DailyQuota => daily_quota(),
        GeminiAnswer::InvalidKey => invalid_key(),
        GeminiAnswer::InvalidArgument => {
            error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", &json!([]))
        }
        GeminiAnswer::Unavailable => error(503, "UNAVAILABLE", "The model is overloaded.", &json!([])),
        GeminiAnswer::Wire(fault) => act_out(fault, || _ = world.count()).await,
    }
}

fn success(parts: &Value, finish: &str) -> Response {
    let body = json!({
        "candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": finish, "index": 0}],
        "usageMetadata": {
            "promptTokenCount": 10, "candidatesTokenCount": 1120, "totalTokenCount": 1130,
            "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
        },
        "modelVersion": "gemini-nano-banana-2.1-001",
        "responseId": "Zm9yLXRlc3Rz",
    });
    json_response(StatusCode::OK, body)
}

fn error(code: u16, status: &str, message: &str, details: &Value) -> Response {
    let body = json!({"error": {"code": code, "status": status, "message": message, "details": details}});
    json_response(StatusCode::from_u16(code).unwrap_or_default(), body)
}

fn invalid_key() -> Response {
    let details = json!([{
        "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com",
    }]);
    error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", &details)
}

fn rate_limited(retry_delay: &str) -> Response {
    let quota = "GenerateContentPaidTierInputTokensPerModelPerMinute";
    let details = json!([
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota}]},
        {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"url": "https://ai.google.dev"}]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retry_delay},
    ]);
    error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", &details)
}

fn daily_quota() -> Response {
    let quota = "GenerateRequestsPerDayPerProjectPerModel";
    let details = json!([
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota}]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "12s"},
    ]);
    error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", &details)
}
