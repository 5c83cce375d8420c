//! What is asked of a text model, and what it answers.

use tokio::sync::watch;

use super::model::{InputPicture, Usage};
use super::schema::Schema;

/// The text of an answer for as long as it is being written.
pub(crate) type TextSoFar = watch::Sender<String>;

/// Bytes of a streamed answer at most, with everything around the text.
pub(super) const STREAM_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of text that one token stands for at most; a model that writes more ignores its limit.
const BYTES_PER_TOKEN_MAX: usize = 32;

/// A text that is wanted.
#[derive(Clone, Debug)]
pub(crate) struct TextRequest {
    /// The provider's name of the model.
    pub model: String,
    /// What the model is to do; written by the program.
    pub instructions: String,
    /// What a person typed: data, never instructions.
    pub input: String,
    /// The pictures that are analysed.
    pub pictures: Vec<InputPicture>,
    /// The form of a structured answer.
    pub schema: Option<Schema>,
    /// An earlier answer that had not that form.
    pub repair: Option<Repair>,
    /// Tokens of the answer at most.
    pub output_tokens_max: u32,
    /// Repeats an answer where the model can; 31 bits.
    pub seed: u32,
    /// As for a picture.
    pub customer: String,
}

/// An answer that was not accepted.
#[derive(Clone, Debug)]
pub(crate) struct Repair {
    /// What the model wrote.
    pub answer: String,
    /// What is wrong with it.
    pub violations: Vec<String>,
}

impl Repair {
    /// What the model is told of its answer.
    pub(super) fn message(&self) -> String {
        format!(
            "Your answer does not have the required form: {}. Answer again with JSON of the required form only.",
            self.violations.join("; ")
        )
    }
}

impl TextRequest {
    /// The person's input, quoted as data.
    pub(super) fn quoted_input(&self) -> String {
        // The marks cannot occur inside, so that nothing of it reads as an instruction of the program.
        format!("<input>\n{}\n</input>", self.input.replace("<input>", "").replace("</input>", ""))
    }

    /// Bytes of the answer's text at most.
    pub(super) fn text_bytes_max(&self) -> usize {
        usize::try_from(self.output_tokens_max).unwrap_or(usize::MAX).saturating_mul(BYTES_PER_TOKEN_MAX)
    }
}

/// A text as the provider sent it. Nothing about it has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MadeText {
    /// The text.
    pub text: String,
    /// The provider's name of the version that answered.
    pub model_version: Option<String>,
    /// What the provider counted.
    pub usage: Usage,
}
