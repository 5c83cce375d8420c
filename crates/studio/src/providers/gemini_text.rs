//! Google Gemini's text models: `POST {base}/{version}/models/{model}:streamGenerateContent?alt=sse`.

use serde_json::{Value, json};

use super::gemini::{Answer, Gemini, blocked, inline, read_error, refusal};
use super::model::{AnswerError, Failure, Usage};
use super::schema::SchemaDialect;
use super::text::{MadeText, TextRequest, TextSoFar};
use super::transport::Flow;

impl Gemini {
    /// One request, one answer, which grows in `text_so_far`.
    pub(super) async fn write(&self, request: &TextRequest, text_so_far: &TextSoFar) -> Result<MadeText, Failure> {
        let mut address = self.address(&request.model, "streamGenerateContent")?;
        address.query_pairs_mut().append_pair("alt", "sse");
        let mut reading = Reading::default();
        let call = self.post(address).json(&body(request));
        let refused = self
            .transport
            .stream(call, |data| {
                let answer =
                    serde_json::from_slice(data).map_err(|_| Failure::bad_answer(AnswerError::NotUnderstood))?;
                reading.add(answer)?;
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

fn body(request: &TextRequest) -> Value {
    let mut parts = vec![json!({"text": request.quoted_input()})];
    parts.extend(request.pictures.iter().map(|picture| inline(&picture.bytes, &picture.mime_type)));
    let mut contents = vec![json!({"role": "user", "parts": parts})];
    if let Some(repair) = &request.repair {
        contents.push(json!({"role": "model", "parts": [{"text": repair.answer}]}));
        contents.push(json!({"role": "user", "parts": [{"text": repair.message()}]}));
    }
    let mut config = json!({"maxOutputTokens": request.output_tokens_max, "seed": request.seed});
    if let Some(schema) = &request.schema {
        config["responseMimeType"] = json!("application/json");
        config["responseSchema"] = schema.to_json(SchemaDialect::Gemini);
    }
    json!({
        "systemInstruction": {"parts": [{"text": request.instructions}]},
        "contents": contents,
        "generationConfig": config,
    })
}

/// What has come of an answer.
#[derive(Default)]
struct Reading {
    text: String,
    finish: Option<String>,
    model_version: Option<String>,
    usage: Usage,
}

impl Reading {
    fn add(&mut self, answer: Answer) -> Result<(), Failure> {
        if let Some(reason) = answer.prompt_feedback.and_then(|feedback| feedback.block_reason) {
            return Err(blocked(&reason));
        }
        let counted = answer.usage_metadata;
        if counted.total_token_count > 0 {
            self.usage = Usage {
                input_tokens: counted.prompt_token_count,
                output_tokens: counted.candidates_token_count,
                total_tokens: counted.total_token_count,
            };
        }
        self.model_version = answer.model_version.or(self.model_version.take());
        let Some(candidate) = answer.candidates.into_iter().next() else { return Ok(()) };
        for part in candidate.content.unwrap_or_default().parts {
            if !part.thought {
                self.text.push_str(&part.text);
            }
        }
        self.finish = candidate.finish_reason.or(self.finish.take());
        Ok(())
    }

    fn finish(self) -> Result<MadeText, Failure> {
        let finish = self.finish.unwrap_or_default();
        if let Some(reason) = refusal(&finish) {
            return Err(Failure::Refused { reason });
        }
        match finish.as_str() {
            "STOP" if self.text.is_empty() => Err(Failure::bad_answer(AnswerError::NoText)),
            "STOP" => Ok(MadeText { text: self.text, model_version: self.model_version, usage: self.usage }),
            // A stream that just ends has been cut.
            "" | "MAX_TOKENS" => Err(Failure::bad_answer(AnswerError::CutShort)),
            _ => Err(Failure::bad_answer(AnswerError::EndedOtherwise)),
        }
    }
}
