//! The licence that is issued with a picture: terms for each licence type in two languages, filled in once and kept.
//!
//! The terms have an edition. New texts are a new edition with files of its own; what was sold keeps its edition.

pub(crate) mod write;

pub use write::{LicenceFacts, terms, write};
