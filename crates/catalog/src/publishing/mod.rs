//! Publishing: a picture enters the gallery, and leaves it again.
//!
//! Pixels are processed and stored outside the transaction, under names that follow from the generation: an interrupted
//! publication leaves only files, which the next attempt writes again or a job removes after a day.

mod api;
pub(crate) mod model;
mod pages;
pub(crate) mod preview_names;
pub(crate) mod previews;
pub(crate) mod publish;
pub(crate) mod queries;
pub(crate) mod sweep_previews;
pub(crate) mod tags;
pub(crate) mod unpublish;
pub(crate) mod withdraw_all;

pub use model::{Offer, OfferInput, Published};
pub use publish::publish;
pub use tags::tag_slug;
pub use unpublish::unpublish;
pub use withdraw_all::withdraw_all;

use axum::Router;
use axum::routing::{get, post};
use platform::jobs::Registry;

use crate::state::Catalog;

pub(crate) fn routes() -> Router<Catalog> {
    Router::new()
        .route("/api/user-gallery/publish", post(api::publish))
        .route("/api/user-gallery/unpublish", post(api::unpublish))
        .route("/me/{id}/publish", get(pages::show).post(pages::publish))
        .route("/me/{id}/unpublish", post(pages::unpublish))
        .route("/me/{id}/product", get(pages::product))
}

pub(crate) fn jobs() -> Registry {
    Registry::new().on(sweep_previews::run)
}

/// The OpenAPI description of publishing.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Documented as utoipa::OpenApi>::openapi()
}
