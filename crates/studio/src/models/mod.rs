//! The models of the providers: rows that an operator edits, because their names change every few months.

mod api;
pub(crate) mod choose;
pub(crate) mod messages;
pub(crate) mod model;
pub(crate) mod offers;
pub(crate) mod queries;

#[cfg(test)]
mod tests;

pub(crate) use api::{openapi, routes};
pub use choose::ModelSelector;
