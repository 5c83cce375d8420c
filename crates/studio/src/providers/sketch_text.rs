//! Texts without AI: the stand-in of the embedded illustrator, so that everything runs without a key.
//!
//! The same request always gives the same text. It is put together from what was typed and says what it is, except
//! where the form leaves no room for that.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::model::Usage;
use super::schema::Schema;
use super::text::{MadeText, TextRequest};

/// What every plain text ends with.
pub(super) const LABEL: &str = "（AIを使わないひな型の文章です / Template text, made without AI）";
/// About how many characters are a token.
const CHARS_PER_TOKEN: usize = 4;

/// Fills the form, or a sentence, with what was typed.
pub(super) fn write(request: &TextRequest) -> MadeText {
    let template =
        Template { input: request.input.split_whitespace().collect::<Vec<_>>().join(" "), seed: request.seed };
    let text = match &request.schema {
        Some(schema) => template.fill(schema, "$").to_string(),
        None => {
            let room = usize::try_from(request.output_tokens_max).unwrap_or(usize::MAX);
            let body: String =
                template.sentence("$").chars().take(room.saturating_sub(LABEL.chars().count())).collect();
            format!("{body}\n\n{LABEL}")
        }
    };
    let tokens = |text: &str| i64::try_from(text.chars().count() / CHARS_PER_TOKEN + 1).unwrap_or(i64::MAX);
    let (input_tokens, output_tokens) = (tokens(&request.input), tokens(&text));
    let usage = Usage { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
    MadeText { text, model_version: None, usage }
}

struct Template {
    input: String,
    seed: u32,
}

impl Template {
    fn fill(&self, form: &Schema, place: &str) -> Value {
        match form {
            Schema::Object { members } => {
                let filled =
                    members.iter().map(|(name, form)| (name.clone(), self.fill(form, &format!("{place}.{name}"))));
                Value::Object(filled.collect::<Map<_, _>>())
            }
            Schema::List { items, min, max } => {
                let count = (*min).max(1).min(*max);
                (0..count).map(|index| self.fill(items, &format!("{place}[{index}]"))).collect()
            }
            Schema::Text { chars_max } => self.sentence(place).chars().take(*chars_max).collect::<String>().into(),
            Schema::OneOf { values } => {
                values.get(self.choose(place, values.len())).cloned().unwrap_or_default().into()
            }
            Schema::Integer { min, max } => {
                let span = usize::try_from(max.saturating_sub(*min)).unwrap_or(0);
                let step = i64::try_from(self.choose(place, span.saturating_add(1))).unwrap_or(0);
                min.saturating_add(step).into()
            }
            Schema::Boolean => (self.choose(place, 2) == 1).into(),
        }
    }

    /// What was typed, in one of a few frames.
    fn sentence(&self, place: &str) -> String {
        let subject: String = self.input.chars().take(200).collect();
        let subject = if subject.is_empty() { "…".to_owned() } else { subject };
        match self.choose(place, 4) {
            0 => subject,
            1 => format!("{subject} — 毎日に、ひとつ上の選択を。"),
            2 => format!("はじめての{subject}に。"),
            _ => format!("{subject}を、もっと身近に。"),
        }
    }

    /// A number below `count` that depends on the request and the place.
    fn choose(&self, place: &str, count: usize) -> usize {
        let hash = Sha256::new_with_prefix(self.seed.to_be_bytes()).chain_update(&self.input).chain_update(place);
        let [first, second, third, fourth, ..] = <[u8; 32]>::from(hash.finalize());
        let number = usize::try_from(u32::from_be_bytes([first, second, third, fourth])).unwrap_or(0);
        number.checked_rem(count).unwrap_or(0)
    }
}
