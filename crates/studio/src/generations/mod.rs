//! Generations: what was made, as its owner finds it again.

mod api;
pub(crate) mod links;
pub(crate) mod model;
mod pages;
pub(crate) mod queries;
mod views;

#[cfg(test)]
mod tests;

use axum::Router;

use crate::state::Studio;

pub(crate) use api::openapi;
pub use model::{
    Generation, GenerationKind, GenerationStatus, KeptReason, OwnerThumbnail, PictureToPublish, StoredPicture,
};
pub use queries::{owner_thumbnail, picture_to_publish};

/// The API and the pages under `/me`.
pub(crate) fn routes() -> Router<Studio> {
    api::routes().merge(pages::routes())
}
