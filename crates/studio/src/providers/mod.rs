//! The AI providers behind one enum: thin HTTP clients that report exactly how a request ended.
//!
//! What always holds: a request has a time limit and an answer a size limit; an API key is only ever sent as a header; a
//! refusal is distinct from a failure, and "nothing was made" from "the outcome is unknown"; the bytes that a provider
//! sends are untrusted until `media` has decoded them.

pub(crate) mod attempts;
mod breaker;
pub(crate) mod gemini;
mod gemini_text;
pub(crate) mod model;
pub(crate) mod openai;
mod openai_text;
pub(crate) mod schema;
pub(crate) mod set;
mod sketch;
mod sketch_text;
pub(crate) mod sleeper;
pub(crate) mod text;
pub(crate) mod transport;

#[cfg(test)]
mod tests;

pub use model::{ProviderKind, UnknownProvider};
pub use schema::Schema;
