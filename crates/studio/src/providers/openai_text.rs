//! OpenAI's text models and the servers that speak its API: `POST {base}/chat/completions`, streamed.

use base64::Engine as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::model::{AnswerError, Failure, RefusalReason, Usage};
use super::openai::{OpenAi, OpenAiDialect, read_error};
use super::schema::SchemaDialect;
use super::text::{MadeText, TextRequest, TextSoFar};
use super::transport::{BASE64, Flow};

impl OpenAi {
    /// One request, one answer, which grows in `text_so_far`.
    pub(super) async fn write(&self, request: &TextRequest, text_so_far: &TextSoFar) -> Result<MadeText, Failure> {
        let mut reading = Reading::default();
        let call = self.post(self.address(&["chat", "completions"])?).json(&body(request, self.dialect()));
        let refused = self
            .transport
            .stream(call, |data| {
                if data == b"[DONE]" {
                    return Ok(Flow::Enough);
                }
                let event =
                    serde_json::from_slice(data).map_err(|_| Failure::bad_answer(AnswerError::NotUnderstood))?;
                reading.add(event)?;
                if reading.text.len() > request.text_bytes_max() {
                    return Err(Failure::bad_answer(AnswerError::TooLarge));
                }
                text_so_far.send_replace(reading.text.clone());
                Ok(Flow::More)
            })
            .await?;
        match refused {
            Some(answered) => Err(read_error(&answered)),
            None => reading.finish(),
        }
    }
}

fn body(request: &TextRequest, dialect: OpenAiDialect) -> Value {
    let mut content = vec![json!({"type": "text", "text": request.quoted_input()})];
    content.extend(request.pictures.iter().map(|picture| {
        let url = format!("data:{};base64,{}", picture.mime_type, BASE64.encode(&picture.bytes));
        json!({"type": "image_url", "image_url": {"url": url}})
    }));
    let mut messages =
        vec![json!({"role": "system", "content": request.instructions}), json!({"role": "user", "content": content})];
    if let Some(repair) = &request.repair {
        messages.push(json!({"role": "assistant", "content": repair.answer}));
        messages.push(json!({"role": "user", "content": repair.message()}));
    }
    let mut body = json!({
        "model": request.model, "messages": messages, "stream": true, "stream_options": {"include_usage": true},
        "seed": request.seed,
    });
    match dialect {
        OpenAiDialect::Original => {
            body["max_completion_tokens"] = json!(request.output_tokens_max);
            body["safety_identifier"] = json!(request.customer);
        }
        OpenAiDialect::Compatible => body["max_tokens"] = json!(request.output_tokens_max),
    }
    if let Some(schema) = &request.schema {
        let form = schema.to_json(SchemaDialect::JsonSchema);
        body["response_format"] =
            json!({"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": form}});
    }
    body
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct StreamEvent {
    model: Option<String>,
    choices: Vec<Choice>,
    usage: Option<UsageCount>,
    error: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Choice {
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Delta {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct UsageCount {
    prompt_tokens: i64,
    completion_tokens: i64,
    total_tokens: i64,
}

/// What has come of an answer.
#[derive(Default)]
struct Reading {
    text: String,
    has_refused: bool,
    finish: Option<String>,
    model_version: Option<String>,
    usage: Usage,
}

impl Reading {
    fn add(&mut self, event: StreamEvent) -> Result<(), Failure> {
        if event.error.is_some() {
            return Err(Failure::Retryable { after: None, cause: "the provider reported an error in the stream" });
        }
        if let Some(counted) = event.usage {
            self.usage = Usage {
                input_tokens: counted.prompt_tokens,
                output_tokens: counted.completion_tokens,
                total_tokens: counted.total_tokens,
            };
        }
        self.model_version = event.model.or(self.model_version.take());
        let Some(choice) = event.choices.into_iter().next() else { return Ok(()) };
        self.text.push_str(choice.delta.content.as_deref().unwrap_or_default());
        self.has_refused |= choice.delta.refusal.is_some_and(|refusal| !refusal.is_empty());
        self.finish = choice.finish_reason.or(self.finish.take());
        Ok(())
    }

    fn finish(self) -> Result<MadeText, Failure> {
        if self.has_refused || self.finish.as_deref() == Some("content_filter") {
            return Err(Failure::Refused { reason: RefusalReason::Safety });
        }
        match self.finish.as_deref() {
            Some("stop") if self.text.is_empty() => Err(Failure::bad_answer(AnswerError::NoText)),
            Some("stop") => Ok(MadeText { text: self.text, model_version: self.model_version, usage: self.usage }),
            // A stream that just ends has been cut.
            None | Some("length") => Err(Failure::bad_answer(AnswerError::CutShort)),
            Some(_) => Err(Failure::bad_answer(AnswerError::EndedOtherwise)),
        }
    }
}
