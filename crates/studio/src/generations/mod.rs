//! Generations: what was made, as its owner finds it again.

mod api;
mod links;
mod model;
mod pages;
pub(crate) mod queries;
mod views;

#[cfg(test)]
mod tests;

pub(crate) use api::routes;
pub use links::{Links, find_mine, links_of};
pub use model::{
    CACHE_LIFETIME, Generation, GenerationKind, GenerationStatus, KeptReason, LINK_LIFETIME, RequestKey, StoredPicture,
    UNDO_LIFETIME, original_key, seed_from, thumbnail_key,
};
pub(crate) use pages::routes as page_routes;
pub use queries::Shelf;
pub(crate) use views::date;

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
