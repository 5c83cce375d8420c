//! Generations: what was made, as its owner finds it again.

mod api;
pub(crate) mod links;
pub(crate) mod model;
mod pages;
pub(crate) mod queries;
pub(crate) mod request_key;
pub(crate) mod spec;
pub(crate) mod storage_keys;
mod views;

#[cfg(test)]
mod tests;

use axum::Router;

use crate::state::Studio;

pub(crate) use api::openapi;
pub use model::{
    Generation, GenerationKind, GenerationStatus, KeptReason, OwnerThumbnail, PictureToPublish, StoredPicture,
};
pub use queries::{owner_thumbnail, picture_to_publish, text_output};
pub use spec::{
    AdContent, AdvertisementSpec, Branding, EditSpec, EditType, GenerationParams, GenerationSpec, InputAsset,
    InputRole, PageSectionSpec, Retention, TextPurpose, TextSpec,
};

/// The API and the pages under `/me`.
pub(crate) fn routes() -> Router<Studio> {
    api::routes().merge(pages::routes())
}
