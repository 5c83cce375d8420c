//! The wardrobe studio: five questions and one free line become a prompt.

pub(crate) mod build_prompt;
pub(crate) mod model;
mod pages;
pub(crate) mod read_request;
pub(crate) mod validate;
pub(crate) mod vocabulary;

#[cfg(test)]
mod tests;

pub use model::Answers;
pub(crate) use pages::routes;
pub use read_request::read_request;
