//! What a stranger may send to the studio: every list, entry and text has a limit, and nothing invisible gets in.

use platform::FieldProblem;
use platform::text::is_unprintable;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::build_prompt::build_prompt;
use super::model::{Answers, AspectRatio, Step};

/// Entries in one step at most.
pub const ENTRIES_MAX: usize = 12;
/// Characters in one entry at most.
pub const ENTRY_CHARS_MAX: usize = 80;
/// Characters in the free line at most.
pub const EXTRA_CHARS_MAX: usize = 400;
/// Characters in a prompt, and in what to leave out, at most.
pub const PROMPT_CHARS_MAX: usize = 4_000;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The place in the request: `prompt`, `answers.color[3]`.
    pub field: String,
    /// What is wrong with it; each kind has a sentence in both languages.
    pub fault: Fault,
}

impl From<FieldError> for FieldProblem {
    fn from(fault: FieldError) -> Self {
        let problem = Self::new(fault.field, fault.fault.code());
        match fault.fault.limit() {
            Some(limit) => problem.with("max", limit),
            None => problem,
        }
    }
}

/// The ways in which a field can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Needed, and absent or empty.
    Missing,
    /// A text, a list or an object was wanted, and something else came.
    WrongType,
    /// Longer than this many characters.
    TooLong(usize),
    /// More than this many entries.
    TooMany(usize),
    /// Characters that cannot be seen, or that turn the direction of the text around.
    Unprintable,
    /// Not one of the choices.
    NotOffered,
}

impl Fault {
    /// The stable code of the fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "required",
            Self::WrongType => "wrong_type",
            Self::TooLong(_) => "too_long",
            Self::TooMany(_) => "too_many",
            Self::Unprintable => "unprintable",
            Self::NotOffered => "unknown_value",
        }
    }

    /// The limit that was passed, for the sentence about it.
    pub const fn limit(self) -> Option<usize> {
        match self {
            Self::TooLong(limit) | Self::TooMany(limit) => Some(limit),
            Self::Missing | Self::WrongType | Self::Unprintable | Self::NotOffered => None,
        }
    }
}

/// A wish for a picture that is safe to store, show and send on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The prompt: built from the answers when there are any, else as the client wrote it.
    pub prompt: String,
    /// What to leave out, as the client wrote it.
    pub negative: Option<String>,
    /// The shape.
    pub ratio: AspectRatio,
    /// The answers, normalised.
    pub answers: Option<Answers>,
}

/// Reads the members `prompt`, `negative`, `aspectRatio` and `answers` of `body`.
///
/// # Errors
/// Every fault that was found, not just the first.
pub fn read_wish(body: &Value) -> Result<Wish, Vec<FieldError>> {
    let mut faults = Vec::new();
    let Some(members) = body.as_object() else {
        return Err(vec![FieldError { field: "body".to_owned(), fault: Fault::WrongType }]);
    };
    let member = |name: &str| members.get(name).filter(|value| !value.is_null());

    let client_prompt = read_text(member("prompt"), "prompt", PROMPT_CHARS_MAX, &mut faults);
    let negative = read_text(member("negative"), "negative", PROMPT_CHARS_MAX, &mut faults);
    let ratio = read_ratio(member("aspectRatio"), &mut faults);
    let answers = member("answers").map(|value| read_answers(value, &mut faults));

    let prompt = match (&answers, client_prompt) {
        (Some(answers), _) => build_prompt(answers),
        (None, Some(prompt)) => prompt,
        (None, None) => String::new(),
    };
    let fault_in_prompt = faults.iter().any(|fault| fault.field == "prompt");
    if !fault_in_prompt && prompt.trim().is_empty() {
        faults.push(FieldError { field: "prompt".to_owned(), fault: Fault::Missing });
    }
    if faults.is_empty() { Ok(Wish { prompt, negative, ratio, answers }) } else { Err(faults) }
}

/// Checks and normalises answers that came from a form.
///
/// # Errors
/// Every fault that was found.
pub fn check_answers(answers: &Answers) -> Result<Answers, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut checked = Answers::default();
    for step in Step::ALL {
        let field = format!("answers.{}", step.name());
        if answers.at(step).len() > ENTRIES_MAX {
            faults.push(FieldError { field: field.clone(), fault: Fault::TooMany(ENTRIES_MAX) });
        }
        let entries = answers.at(step).iter().take(ENTRIES_MAX).enumerate();
        *checked.at_mut(step) = entries
            .filter_map(|(index, entry)| clean(entry, &format!("{field}[{index}]"), ENTRY_CHARS_MAX, &mut faults))
            .collect();
    }
    checked.extra = clean(&answers.extra, "answers.extra", EXTRA_CHARS_MAX, &mut faults).unwrap_or_default();
    if faults.is_empty() { Ok(checked) } else { Err(faults) }
}

fn read_answers(value: &Value, faults: &mut Vec<FieldError>) -> Answers {
    let mut answers = Answers::default();
    let Some(members) = value.as_object() else {
        faults.push(FieldError { field: "answers".to_owned(), fault: Fault::WrongType });
        return answers;
    };
    for step in Step::ALL {
        let field = format!("answers.{}", step.name());
        *answers.at_mut(step) = read_entries(members.get(step.name()), &field, faults);
    }
    let extra = members.get("extra").filter(|value| !value.is_null());
    answers.extra = read_text(extra, "answers.extra", EXTRA_CHARS_MAX, faults).unwrap_or_default();
    answers
}

fn read_entries(value: Option<&Value>, field: &str, faults: &mut Vec<FieldError>) -> Vec<String> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Vec::new() };
    let Some(entries) = value.as_array() else {
        faults.push(FieldError { field: field.to_owned(), fault: Fault::WrongType });
        return Vec::new();
    };
    if entries.len() > ENTRIES_MAX {
        faults.push(FieldError { field: field.to_owned(), fault: Fault::TooMany(ENTRIES_MAX) });
        return Vec::new();
    }
    let read = |(index, entry)| read_text(Some(entry), &format!("{field}[{index}]"), ENTRY_CHARS_MAX, faults);
    entries.iter().enumerate().filter_map(read).collect()
}

fn read_ratio(value: Option<&Value>, faults: &mut Vec<FieldError>) -> AspectRatio {
    let Some(value) = value else { return AspectRatio::default() };
    let parsed = match value.as_str() {
        Some(text) => text.parse().map_err(|_| Fault::NotOffered),
        None => Err(Fault::WrongType),
    };
    parsed.unwrap_or_else(|fault| {
        faults.push(FieldError { field: "aspectRatio".to_owned(), fault });
        AspectRatio::default()
    })
}

fn read_text(value: Option<&Value>, field: &str, chars_max: usize, faults: &mut Vec<FieldError>) -> Option<String> {
    let value = value?;
    match value.as_str() {
        Some(text) => clean(text, field, chars_max, faults),
        None => {
            faults.push(FieldError { field: field.to_owned(), fault: Fault::WrongType });
            None
        }
    }
}

/// NFKC, line breaks and tabs as spaces, and a fault for whatever else is invisible or turns text around.
fn clean(text: &str, field: &str, chars_max: usize, faults: &mut Vec<FieldError>) -> Option<String> {
    match normalise_line(text, chars_max) {
        Ok(line) => Some(line),
        Err(fault) => {
            faults.push(FieldError { field: field.to_owned(), fault });
            None
        }
    }
}

/// One line of text, normalised (NFKC) and free of invisible characters.
///
/// # Errors
/// [`Fault::TooLong`] or [`Fault::Unprintable`].
pub fn normalise_line(text: &str, chars_max: usize) -> Result<String, Fault> {
    // Normalisation can make a text eighteen times longer; what is far too long is refused before that work.
    if text.len() > chars_max.saturating_mul(16) {
        return Err(Fault::TooLong(chars_max));
    }
    let visible = text.chars().filter(|char| !is_typesetting(*char));
    let line: String = visible.map(|char| if breaks_line(char) { ' ' } else { char }).nfkc().collect();
    if line.chars().any(is_unprintable) {
        return Err(Fault::Unprintable);
    }
    if line.chars().count() > chars_max {
        return Err(Fault::TooLong(chars_max));
    }
    Ok(line)
}

const fn breaks_line(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Marks for typesetting that come along when a person copies from a page: soft hyphens, zero-width spaces, byte order
/// marks, direction marks. They are dropped without a word, because nobody sees that they are there.
const fn is_typesetting(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
}
