//! The paper that goes with a picture: terms for each licence in two languages, filled in once, kept for ever.
//!
//! The terms have an edition. New words are a new edition with files of its own; what was sold keeps its edition.

mod write;

pub use write::{LicenceFacts, terms, write};
