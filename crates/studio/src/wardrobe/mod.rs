//! The wardrobe studio: five questions, one free line, one prompt.

mod build_prompt;
mod model;
mod pages;
mod validate;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use build_prompt::{NEGATIVE, build_prompt, text_for_model};
pub use model::{Answers, AspectRatio, Step, UnknownRatio};
pub(crate) use pages::routes as page_routes;
pub use validate::{
    ENTRIES_MAX, ENTRY_CHARS_MAX, EXTRA_CHARS_MAX, Fault, FieldError, PROMPT_CHARS_MAX, Wish, check_answers,
    normalise_line, read_wish,
};
pub(crate) use vocabulary::label;
