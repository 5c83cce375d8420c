//! OpenAI's image models and the servers that speak its API: `POST {base}/images/generations`, and `…/edits` with pictures.

use base64::Engine as _;
use bytes::Bytes;
use http::StatusCode;
use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::model::{AnswerError, Failure, MadePicture, PictureRequest, RefusalReason, Usage};
use super::transport::{Answered, BASE64, Transport, TransportLimits, parse_seconds, retry_after};

/// How to reach OpenAI, or a server that imitates it.
#[derive(Clone, Debug)]
pub struct OpenAiSettings {
    /// With or without the version: `https://api.openai.com`, `http://127.0.0.1:8080/v1`.
    pub base_url: Url,
    /// A local server may need none.
    pub api_key: Option<SecretString>,
    /// What the server understands beyond, or short of, the original.
    pub dialect: OpenAiDialect,
    /// Hosts besides the base address from which a picture may be fetched, when the answer holds an address.
    pub picture_hosts: Vec<String>,
    /// Time and size.
    pub limits: TransportLimits,
}

/// Which fields a server takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenAiDialect {
    /// OpenAI itself: `moderation`, `output_format`, `safety_identifier`; never `response_format`.
    #[default]
    Original,
    /// stable-diffusion.cpp, LocalAI, vLLM-Omni, SGLang: the oldest fields, `response_format` and `seed`.
    Compatible,
}

/// The client.
#[derive(Clone, Debug)]
pub struct OpenAi {
    settings: OpenAiSettings,
    pub(super) transport: Transport,
}

impl OpenAi {
    /// Speaks over `client`, which must follow no redirects.
    pub const fn new(client: reqwest::Client, settings: OpenAiSettings) -> Self {
        Self { transport: Transport::new(client, settings.limits), settings }
    }

    pub(super) async fn call(&self, request: &PictureRequest) -> Result<MadePicture, Failure> {
        let fields = fields(request, self.settings.dialect);
        let call = if request.pictures.is_empty() {
            self.post(self.address(&["images", "generations"])?).json(&fields)
        } else {
            let form = edit_form(request, &fields, self.settings.dialect)?;
            self.post(self.address(&["images", "edits"])?).multipart(form)
        };
        let answered = self.transport.send(call).await?;
        if !answered.status.is_success() {
            return Err(read_error(&answered));
        }
        let answer = read_answer(&answered.body)?;
        self.picture(answer).await
    }

    /// The key is only ever a header.
    pub(super) fn post(&self, address: Url) -> RequestBuilder {
        let call = self.transport.client().post(address);
        match &self.settings.api_key {
            Some(key) => call.bearer_auth(key.expose_secret()),
            None => call,
        }
    }

    pub(super) const fn dialect(&self) -> OpenAiDialect {
        self.settings.dialect
    }

    pub(super) fn address(&self, call: &[&str]) -> Result<Url, Failure> {
        let mut address = self.settings.base_url.clone();
        let has_version = address.path().trim_end_matches('/').ends_with("/v1");
        let unusable = || Failure::Misconfigured { cause: "the base address cannot have a path".to_owned() };
        let version = if has_version { None } else { Some("v1") };
        let path = version.iter().chain(call);
        address.path_segments_mut().map_err(|()| unusable())?.pop_if_empty().extend(path);
        Ok(address)
    }

    async fn picture(&self, answer: Answer) -> Result<MadePicture, Failure> {
        let usage = answer.usage.unwrap_or_default();
        let usage = Usage {
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            total_tokens: usage.total_tokens,
        };
        let format = answer.output_format.unwrap_or_else(|| "png".to_owned());
        let Some(datum) = answer.data.unwrap_or_default().into_iter().next() else {
            return Err(Failure::bad_answer(AnswerError::NoPicture));
        };
        let (bytes, claimed_type) = match (datum.b64_json, datum.url) {
            (Some(data), _) if !data.is_empty() => (decode(&data)?, format!("image/{format}")),
            (_, Some(place)) if !place.is_empty() => self.fetch(&place).await?,
            _ => return Err(Failure::bad_answer(AnswerError::NoPicture)),
        };
        Ok(MadePicture { bytes, claimed_type, model_version: None, usage })
    }

    /// Fetches a picture that the answer only points to. The key does not go along, and only the provider's own host
    /// is asked: an answer must not be able to send this program into the operator's network.
    async fn fetch(&self, place: &str) -> Result<(Bytes, String), Failure> {
        if let Some((kind, data)) = place.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
            return Ok((decode(data)?, kind.to_owned()));
        }
        let foreign = || Failure::bad_answer(AnswerError::ForeignAddress);
        let address = self.settings.base_url.join(place).map_err(|_| foreign())?;
        let own = address.origin() == self.settings.base_url.origin();
        let listed = address.scheme() == "https"
            && address.host_str().is_some_and(|host| self.settings.picture_hosts.iter().any(|known| known == host));
        if !own && !listed {
            return Err(foreign());
        }
        let answered = self.transport.send(self.transport.client().get(address)).await?;
        if !answered.status.is_success() {
            return Err(Failure::bad_answer(AnswerError::NoPicture));
        }
        let kind = answered.headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        Ok((answered.body, kind.unwrap_or_default().to_owned()))
    }
}

fn fields(request: &PictureRequest, dialect: OpenAiDialect) -> Map<String, Value> {
    let (width, height) = request.pixels.unwrap_or((1024, 1024));
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(request.model));
    body.insert("size".to_owned(), json!(format!("{width}x{height}")));
    body.insert("n".to_owned(), json!(1));
    match dialect {
        OpenAiDialect::Original => {
            body.insert("prompt".to_owned(), json!(request.text));
            body.insert("output_format".to_owned(), json!("png"));
            body.insert("moderation".to_owned(), json!("auto"));
            body.insert("safety_identifier".to_owned(), json!(request.customer));
        }
        OpenAiDialect::Compatible => {
            body.insert("prompt".to_owned(), json!(without_commands(&request.text)));
            body.insert("response_format".to_owned(), json!("b64_json"));
            body.insert("seed".to_owned(), json!(request.seed));
        }
    }
    body
}

/// The same fields as a form, with the pictures and the mask as files.
fn edit_form(request: &PictureRequest, fields: &Map<String, Value>, dialect: OpenAiDialect) -> Result<Form, Failure> {
    let unusable = |_| Failure::Misconfigured { cause: "a picture of an unknown type was to be sent".to_owned() };
    let mut form = Form::new();
    for (name, value) in fields {
        form = form.text(name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    let name = match dialect {
        OpenAiDialect::Original => "image[]",
        OpenAiDialect::Compatible => "image",
    };
    for (index, picture) in request.pictures.iter().enumerate() {
        let extension = picture.mime_type.rsplit('/').next().unwrap_or("png");
        let length = u64::try_from(picture.bytes.len()).unwrap_or(u64::MAX);
        let part = Part::stream_with_length(picture.bytes.clone(), length);
        let part = part.file_name(format!("picture{index}.{extension}")).mime_str(&picture.mime_type);
        form = form.part(name, part.map_err(unusable)?);
    }
    if let Some(mask) = &request.mask {
        let length = u64::try_from(mask.transparent.len()).unwrap_or(u64::MAX);
        let part = Part::stream_with_length(mask.transparent.clone(), length).file_name("mask.png");
        form = form.part("mask", part.mime_str("image/png").map_err(unusable)?);
    }
    Ok(form)
}

/// stable-diffusion.cpp reads options out of the prompt, and LocalAI splits it at a bar.
fn without_commands(text: &str) -> String {
    let mut rest = text.replace('|', " ");
    for mark in ["<sd_cpp_extra_args>", "</sd_cpp_extra_args>"] {
        // A mark inside a mark appears only once the inner one is gone.
        while let Some(start) = rest.to_ascii_lowercase().find(mark) {
            rest.replace_range(start..start + mark.len(), " ");
        }
    }
    rest
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    data: Option<Vec<Datum>>,
    output_format: Option<String>,
    usage: Option<UsageCount>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Datum {
    b64_json: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct UsageCount {
    input_tokens: i64,
    output_tokens: i64,
    total_tokens: i64,
}

fn read_answer(body: &[u8]) -> Result<Answer, Failure> {
    serde_json::from_slice(body).map_err(|_| Failure::bad_answer(AnswerError::NotUnderstood))
}

fn decode(data: &str) -> Result<Bytes, Failure> {
    BASE64.decode(data).map(Bytes::from).map_err(|_| Failure::bad_answer(AnswerError::BrokenEncoding))
}

/// The code of an error in each shape that is met: `{"error":{"code","type"}}`, `{"error":"text"}`, `{"detail":…}`.
fn error_code(body: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &answer["error"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    text(&error["code"])
        .or_else(|| text(&error["type"]))
        .or_else(|| text(error))
        .or_else(|| text(&answer["detail"]))
        .unwrap_or_default()
}

pub(super) fn read_error(answered: &Answered) -> Failure {
    let code = error_code(&answered.body);
    match code.as_str() {
        "moderation_blocked" | "content_policy_violation" | "image_generation_user_error" => {
            return Failure::Refused { reason: RefusalReason::Safety };
        }
        "insufficient_quota" | "billing_hard_limit_reached" | "billing_not_active" => return Failure::QuotaExhausted,
        _ => {}
    }
    let reset = answered.headers.get("x-ratelimit-reset-requests").and_then(|value| value.to_str().ok());
    let after = retry_after(&answered.headers).or_else(|| parse_seconds(reset?));
    match answered.status {
        StatusCode::TOO_MANY_REQUESTS => Failure::Retryable { after, cause: "too many requests" },
        StatusCode::REQUEST_TIMEOUT => Failure::Retryable { after, cause: "the provider waited in vain" },
        status if status.is_server_error() => Failure::Retryable { after, cause: "the provider is in trouble" },
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) => {
            Failure::Misconfigured { cause: format!("the server answered {}", status.as_u16()) }
        }
        status if code == "model_not_found" || code == "invalid_api_key" => {
            Failure::Misconfigured { cause: format!("the server answered {} {code}", status.as_u16()) }
        }
        _ => Failure::bad_answer(AnswerError::Rejected),
    }
}
