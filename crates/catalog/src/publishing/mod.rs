//! Putting a picture into the gallery, and taking it out again.
//!
//! The pixels are worked and stored outside the transaction, under names that follow from the generation: a publication
//! that breaks off leaves files that the next attempt reuses or the sweeper removes, and nothing else.

mod api;
mod model;
mod pages;
mod previews;
mod publish;
pub(crate) mod queries;
mod sweep;
mod unpublish;
mod withdraw_all;

pub use model::{Offer, OfferInput, Published, tag_slug};
pub(crate) use previews::PreviewNames;
pub use publish::publish;
pub use unpublish::unpublish;
pub use withdraw_all::withdraw_all;

use axum::Router;
use axum::routing::{get, post};
use platform::App;
use platform::jobs::Registry;

use crate::Catalog;

pub(crate) fn routes(catalog: &Catalog) -> Router<App> {
    Router::new()
        .route("/api/user-gallery/publish", post(api::publish))
        .route("/api/user-gallery/unpublish", post(api::unpublish))
        .route("/me/{id}/publish", get(pages::show).post(pages::publish))
        .route("/me/{id}/unpublish", post(pages::unpublish))
        .route("/me/{id}/product", get(pages::product))
        .layer(axum::Extension(catalog.clone()))
}

pub(crate) fn jobs() -> Registry {
    Registry::new().on(sweep::run)
}

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
