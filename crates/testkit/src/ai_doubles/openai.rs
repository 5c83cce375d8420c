//! A double of OpenAI's image interface, and of the servers that imitate it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, StatusCode, header};
use serde_json::{Value, json};

use super::multipart::read_form;
use super::pictures::PictureFile;
use super::text::{EndReason, TEXT_TOKENS, TextAnswer, TextEvents, stream_of};
use super::wire::{LocalServer, RecordedRequest, WireError, World, act_out, json_response};

/// What the double answers.
#[derive(Clone, Debug)]
pub enum OpenAiAnswer {
    /// A picture in base64.
    Picture(PictureFile),
    /// The address of a picture on the same server.
    OwnAddress,
    /// The address of a picture relative to the server.
    RelativeAddress,
    /// A `data:` address.
    DataAddress,
    /// The address of a picture somewhere else.
    ForeignAddress(&'static str),
    /// No picture in the list.
    NoData,
    /// A picture in base64 that ends in the middle of a group.
    TruncatedBase64,
    /// 400 `moderation_blocked`.
    ModerationBlocked,
    /// 429 `rate_limit_exceeded`; the pause is in the header, or absent.
    RateLimited {
        /// A header and its value: `("retry-after", "7")`.
        hint: Option<(&'static str, &'static str)>,
    },
    /// 429 `insufficient_quota`.
    InsufficientQuota,
    /// This status with `{"error":"text"}`.
    ErrorText(u16),
    /// This status with `{"detail":"text"}`.
    ErrorDetail(u16),
    /// This status with a list of faults in `detail`, as FastAPI writes it.
    ErrorDetailList(u16),
    /// 404 `model_not_found`.
    ModelNotFound,
    /// Trouble below the interface.
    Wire(WireError),
}

/// The double: a server that speaks `images/generations`.
#[derive(Debug)]
pub struct OpenAiDouble {
    server: LocalServer,
    world: Arc<World<OpenAiAnswer>>,
    texts: Arc<World<TextAnswer>>,
}

/// The only key that the double accepts, where one is sent.
pub const OPENAI_KEY: &str = "test-openai-key";

impl OpenAiDouble {
    /// Starts a double that answers with pictures.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> anyhow::Result<Self> {
        let world = World::new(OpenAiAnswer::Picture(PictureFile::Png));
        let texts = World::new(TextAnswer::Text("The text of the double.".to_owned()));
        let writing =
            Router::new().route("/v1/chat/completions", post(write)).with_state((world.clone(), texts.clone()));
        let router = Router::new()
            .route("/v1/images/generations", post(answer))
            .route("/v1/images/edits", post(answer))
            .route("/v1/files/picture.png", get(stored_picture))
            .with_state(world.clone())
            .merge(writing);
        Ok(Self { server: LocalServer::start(router).await?, world, texts })
    }

    /// With the version: `http://127.0.0.1:1234/v1`.
    pub fn base_url(&self) -> String {
        format!("{}/v1", self.server.base_url)
    }

    /// The next answers, in this order; after them come pictures again.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = OpenAiAnswer>) {
        self.world.push(answers);
    }

    /// The answer to everything that has no answer of its own.
    pub fn answer_always(&self, answer: OpenAiAnswer) {
        self.world.set_otherwise(answer);
    }

    /// The next texts, in this order; after them comes a sentence.
    pub fn write_next(&self, answers: impl IntoIterator<Item = TextAnswer>) {
        self.texts.push(answers);
    }

    /// How long every answer takes.
    pub fn take(&self, pause: Duration) {
        self.world.set_pause(pause);
    }

    /// The requests so far; fetched pictures are among them.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.world.requests()
    }

    /// Pictures that were made and would be billed.
    pub fn pictures_made(&self) -> u32 {
        self.world.made()
    }
}

async fn stored_picture(State(world): State<Arc<World<OpenAiAnswer>>>, request: Request) -> Response {
    let path_and_query = request.uri().to_string();
    world.record(RecordedRequest { path_and_query, headers: request.headers().clone(), body: Value::Null });
    let (bytes, kind) = PictureFile::Png.file((1024, 1536), world.made());
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}

async fn answer(State(world): State<Arc<World<OpenAiAnswer>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024 * 1024).await.unwrap_or_default();
    let is_edit = head.uri.path().ends_with("/edits");
    let body: Value =
        if is_edit { read_form(&head.headers, &body) } else { serde_json::from_slice(&body).unwrap_or_default() };
    world.record(RecordedRequest {
        path_and_query: head.uri.to_string(),
        headers: head.headers.clone(),
        body: body.clone(),
    });
    let key = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if key.is_some_and(|key| key != format!("Bearer {OPENAI_KEY}")) {
        return error(401, "invalid_api_key", "Incorrect API key provided: test-o**********key.");
    }
    if is_edit && body.get("image[]").or(body.get("image")).is_none() {
        return error(400, "missing_required_parameter", "Missing required parameter: 'image'.");
    }
    match size_of(&body) {
        Ok(size_px) => script(&world, size_px, head.headers.get(header::HOST)).await,
        Err(response) => response,
    }
}

type Texts = (Arc<World<OpenAiAnswer>>, Arc<World<TextAnswer>>);

async fn write(State((world, texts)): State<Texts>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024 * 1024).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path_and_query = head.uri.to_string();
    world.record(RecordedRequest { path_and_query, headers: head.headers.clone(), body: body.clone() });
    if body["messages"].as_array().is_none_or(Vec::is_empty) || body["stream"] != json!(true) {
        return error(400, "invalid_value", "Invalid value for 'messages'.");
    }
    let busy = || error(503, "server_error", "The server is overloaded.");
    stream_of(texts.next().await, &OpenAiEvents).unwrap_or_else(busy)
}

#[derive(Clone)]
struct OpenAiEvents;

impl TextEvents for OpenAiEvents {
    fn piece(&self, text: &str) -> String {
        json!({"object": "chat.completion.chunk", "model": "gpt-text-001",
               "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
        .to_string()
    }

    fn end(&self, reason: EndReason) -> Vec<String> {
        let (asked, answered) = TEXT_TOKENS;
        let reason = match reason {
            EndReason::Done => "stop",
            EndReason::Limit => "length",
            EndReason::Refused => "content_filter",
        };
        let usage = json!({"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered});
        vec![
            json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}).to_string(),
            json!({"choices": [], "usage": usage}).to_string(),
            "[DONE]".to_owned(),
        ]
    }
}

/// Refuses what OpenAI refuses of its own models, and gives the size that is asked for.
#[expect(clippy::result_large_err, reason = "the answer itself is the error")]
fn size_of(body: &Value) -> Result<(u32, u32), Response> {
    let model = body["model"].as_str().unwrap_or_default();
    if model.starts_with("gpt-image") && body.get("response_format").is_some() {
        return Err(error(400, "unknown_parameter", "Unknown parameter: 'response_format'."));
    }
    if model == "dall-e-3" || model == "gpt-image-1" {
        return Err(error(404, "model_not_found", "The model does not exist."));
    }
    if body["prompt"].as_str().is_none_or(str::is_empty) {
        return Err(error(400, "missing_required_parameter", "Missing required parameter: 'prompt'."));
    }
    match body["size"].as_str() {
        Some("1024x1024") => Ok((1024, 1024)),
        Some("1024x1536") => Ok((1024, 1536)),
        Some("1536x1024") => Ok((1536, 1024)),
        _ => Err(error(400, "invalid_value", "Invalid value for 'size'.")),
    }
}

async fn script(world: &World<OpenAiAnswer>, size_px: (u32, u32), host: Option<&http::HeaderValue>) -> Response {
    let base64 = |file: PictureFile| STANDARD.encode(file.file(size_px, world.count()).0);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    match world.next().await {
        OpenAiAnswer::Picture(file) => success(&json!([{"b64_json": base64(file)}])),
        OpenAiAnswer::OwnAddress => success(&json!([{"url": format!("http://{host}/v1/files/picture.png")}])),
        OpenAiAnswer::RelativeAddress => success(&json!([{"url": "/v1/files/picture.png", "b64_json": ""}])),
        OpenAiAnswer::DataAddress => {
            success(&json!([{"url": format!("data:image/png;base64,{}", base64(PictureFile::Png))}]))
        }
        OpenAiAnswer::ForeignAddress(place) => success(&json!([{"url": place}])),
        OpenAiAnswer::NoData => success(&json!([])),
        OpenAiAnswer::TruncatedBase64 => success(&json!([{"b64_json": &base64(PictureFile::Png)[..401]}])),
        OpenAiAnswer::ModerationBlocked => {
            error(400, "moderation_blocked", "Your request was rejected as a result of our safety system.")
        }
        OpenAiAnswer::RateLimited { hint } => {
            let mut response = error(429, "rate_limit_exceeded", "Rate limit reached.");
            if let Some((name, value)) = hint {
                response.headers_mut().insert(HeaderName::from_static(name), http::HeaderValue::from_static(value));
            }
            response
        }
        OpenAiAnswer::InsufficientQuota => {
            error(429, "insufficient_quota", "You exceeded your current quota, please check your plan.")
        }
        OpenAiAnswer::ErrorText(status) => plain(status, json!({"error": "out of memory"})),
        OpenAiAnswer::ErrorDetail(status) => plain(status, json!({"detail": "no such model loaded"})),
        OpenAiAnswer::ErrorDetailList(status) => {
            plain(status, json!({"detail": [{"loc": ["body", "size"], "msg": "bad", "type": "value_error"}]}))
        }
        OpenAiAnswer::ModelNotFound => error(404, "model_not_found", "The model does not exist."),
        OpenAiAnswer::Wire(fault) => act_out(fault, || _ = world.count()).await,
    }
}

fn success(data: &Value) -> Response {
    let usage = json!({"input_tokens": 12, "output_tokens": 1056, "total_tokens": 1068});
    let body = json!({"created": 1_795_000_000, "data": data, "output_format": "png", "usage": usage});
    json_response(StatusCode::OK, body)
}

fn error(status: u16, code: &str, message: &str) -> Response {
    let kind = if status == 429 { "requests" } else { "invalid_request_error" };
    plain(status, json!({"error": {"message": message, "type": kind, "param": null, "code": code}}))
}

fn plain(status: u16, body: Value) -> Response {
    json_response(StatusCode::from_u16(status).unwrap_or_default(), body)
}
