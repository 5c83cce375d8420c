//! The addressee (宛名) of documents: a company with its department and address, or another name than the account's.
//!
//! What was issued keeps the addressee of its day; a change counts for what is issued from then on.

pub(super) mod api;
pub(crate) mod model;
pub(super) mod pages;
pub(crate) mod queries;

pub use model::Addressee;
