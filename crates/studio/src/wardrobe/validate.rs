//! Validation of what clients send: every list, entry and text has a limit, and invisible characters are refused.

use platform::FieldProblem;
use platform::text::is_unprintable;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::build_prompt::build_prompt;
use super::model::{Answers, Step};
use crate::aspect_ratio::AspectRatio;
use crate::generations::spec::GenerationParams;

/// Entries in one step at most.
pub(crate) const ENTRIES_MAX: usize = 12;
/// Characters in one entry at most.
pub(crate) const ENTRY_CHARS_MAX: usize = 80;
/// Characters in the free line at most.
pub(crate) const EXTRA_CHARS_MAX: usize = 400;
/// Characters in a prompt, and in what to leave out, at most.
pub(crate) const PROMPT_CHARS_MAX: usize = 4_000;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The place in the request: `prompt`, `answers.color[3]`.
    pub field: String,
    /// What is wrong with it; each kind has a sentence in both languages.
    pub kind: FieldErrorKind,
}

impl From<FieldError> for FieldProblem {
    fn from(error: FieldError) -> Self {
        let problem = Self::new(error.field, error.kind.code());
        match error.kind.limit() {
            Some(limit) => problem.with("max", limit),
            None => problem,
        }
    }
}

/// The ways in which a field can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldErrorKind {
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

impl FieldErrorKind {
    /// The stable code of the error.
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

/// Reads the members `prompt`, `negative`, `aspectRatio` and `answers` of `body`.
///
/// # Errors
/// Every error that was found, not just the first.
pub(crate) fn read_params(body: &Value) -> Result<GenerationParams, Vec<FieldError>> {
    let mut errors = Vec::new();
    let Some(members) = body.as_object() else {
        return Err(vec![FieldError { field: "body".to_owned(), kind: FieldErrorKind::WrongType }]);
    };
    let member = |name: &str| members.get(name).filter(|value| !value.is_null());

    let client_prompt = read_text(member("prompt"), "prompt", PROMPT_CHARS_MAX, &mut errors);
    let negative = read_text(member("negative"), "negative", PROMPT_CHARS_MAX, &mut errors);
    let ratio = read_ratio(member("aspectRatio"), &mut errors);
    let answers = member("answers").map(|value| read_answers(value, &mut errors));

    let prompt = match (&answers, client_prompt) {
        (Some(answers), _) => build_prompt(answers),
        (None, Some(prompt)) => prompt,
        (None, None) => String::new(),
    };
    let prompt_is_wrong = errors.iter().any(|error| error.field == "prompt");
    if !prompt_is_wrong && prompt.trim().is_empty() {
        errors.push(FieldError { field: "prompt".to_owned(), kind: FieldErrorKind::Missing });
    }
    if errors.is_empty() { Ok(GenerationParams { prompt, negative, ratio, answers }) } else { Err(errors) }
}

/// Checks and normalises answers that came from a form.
///
/// # Errors
/// Every error that was found.
pub(crate) fn check_answers(answers: &Answers) -> Result<Answers, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut checked = Answers::default();
    for step in Step::ALL {
        let field = format!("answers.{}", step.name());
        if answers.at(step).len() > ENTRIES_MAX {
            errors.push(FieldError { field: field.clone(), kind: FieldErrorKind::TooMany(ENTRIES_MAX) });
        }
        let entries = answers.at(step).iter().take(ENTRIES_MAX).enumerate();
        *checked.at_mut(step) = entries
            .filter_map(|(index, entry)| clean(entry, &format!("{field}[{index}]"), ENTRY_CHARS_MAX, &mut errors))
            .collect();
    }
    checked.extra = clean(&answers.extra, "answers.extra", EXTRA_CHARS_MAX, &mut errors).unwrap_or_default();
    if errors.is_empty() { Ok(checked) } else { Err(errors) }
}

fn read_answers(value: &Value, errors: &mut Vec<FieldError>) -> Answers {
    let mut answers = Answers::default();
    let Some(members) = value.as_object() else {
        errors.push(FieldError { field: "answers".to_owned(), kind: FieldErrorKind::WrongType });
        return answers;
    };
    for step in Step::ALL {
        let field = format!("answers.{}", step.name());
        *answers.at_mut(step) = read_entries(members.get(step.name()), &field, errors);
    }
    let extra = members.get("extra").filter(|value| !value.is_null());
    answers.extra = read_text(extra, "answers.extra", EXTRA_CHARS_MAX, errors).unwrap_or_default();
    answers
}

fn read_entries(value: Option<&Value>, field: &str, errors: &mut Vec<FieldError>) -> Vec<String> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Vec::new() };
    let Some(entries) = value.as_array() else {
        errors.push(FieldError { field: field.to_owned(), kind: FieldErrorKind::WrongType });
        return Vec::new();
    };
    if entries.len() > ENTRIES_MAX {
        errors.push(FieldError { field: field.to_owned(), kind: FieldErrorKind::TooMany(ENTRIES_MAX) });
        return Vec::new();
    }
    let read = |(index, entry)| read_text(Some(entry), &format!("{field}[{index}]"), ENTRY_CHARS_MAX, errors);
    entries.iter().enumerate().filter_map(read).collect()
}

fn read_ratio(value: Option<&Value>, errors: &mut Vec<FieldError>) -> AspectRatio {
    let Some(value) = value else { return AspectRatio::default() };
    let parsed = match value.as_str() {
        Some(text) => text.parse().map_err(|_| FieldErrorKind::NotOffered),
        None => Err(FieldErrorKind::WrongType),
    };
    parsed.unwrap_or_else(|kind| {
        errors.push(FieldError { field: "aspectRatio".to_owned(), kind });
        AspectRatio::default()
    })
}

fn read_text(value: Option<&Value>, field: &str, chars_max: usize, errors: &mut Vec<FieldError>) -> Option<String> {
    let value = value?;
    match value.as_str() {
        Some(text) => clean(text, field, chars_max, errors),
        None => {
            errors.push(FieldError { field: field.to_owned(), kind: FieldErrorKind::WrongType });
            None
        }
    }
}

/// NFKC, line breaks and tabs as spaces, and an error for whatever else is invisible or turns text around.
fn clean(text: &str, field: &str, chars_max: usize, errors: &mut Vec<FieldError>) -> Option<String> {
    match normalise_line(text, chars_max) {
        Ok(line) => Some(line),
        Err(kind) => {
            errors.push(FieldError { field: field.to_owned(), kind });
            None
        }
    }
}

/// One line of text, normalised (NFKC) and free of invisible characters.
///
/// # Errors
/// [`FieldErrorKind::TooLong`] or [`FieldErrorKind::Unprintable`].
pub(crate) fn normalise_line(text: &str, chars_max: usize) -> Result<String, FieldErrorKind> {
    // Normalisation can make a text eighteen times longer; what is far too long is refused before that work.
    if text.len() > chars_max.saturating_mul(16) {
        return Err(FieldErrorKind::TooLong(chars_max));
    }
    let visible = text.chars().filter(|char| !is_typesetting(*char));
    let line: String = visible.map(|char| if breaks_line(char) { ' ' } else { char }).nfkc().collect();
    if line.chars().any(is_unprintable) {
        return Err(FieldErrorKind::Unprintable);
    }
    if line.chars().count() > chars_max {
        return Err(FieldErrorKind::TooLong(chars_max));
    }
    Ok(line)
}

const fn breaks_line(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Marks for typesetting that come along when a person copies from a page: soft hyphens, zero-width spaces, byte order
/// marks, direction marks. They are dropped silently, because nobody sees them.
const fn is_typesetting(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
}
