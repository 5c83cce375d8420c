//! The models that can be asked: data that an operator edits, not code.

mod api;
mod choose;
pub(crate) mod messages;
mod model;
mod offers;
pub(crate) mod queries;

#[cfg(test)]
mod tests;

pub(crate) use api::routes;
pub use choose::{ModelSelector, choose_model};
pub use model::{ImageModel, Operation};
pub use offers::{Offer, Offers, offers};

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
