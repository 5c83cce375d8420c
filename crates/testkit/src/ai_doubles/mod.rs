//! Doubles of AI providers: real HTTP, the real JSON of each, and trouble on command.
//!
//! They know nothing of the crate that they test, so that a mistake cannot be made on both sides at once. Their shapes
//! follow `reference/ai-providers.md`.

mod gemini;
mod multipart;
mod openai;
mod pictures;
mod text;
mod wire;

pub use gemini::{GEMINI_KEY, GeminiAnswer, GeminiDouble};
pub use openai::{OPENAI_KEY, OpenAiAnswer, OpenAiDouble};
pub use pictures::{PictureFile, png};
pub use text::{TEXT_TOKENS, TextAnswer};
pub use wire::{RecordedRequest, WireError};
