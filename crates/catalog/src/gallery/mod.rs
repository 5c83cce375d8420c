//! The gallery: what is for sale, for everybody. A page at any depth costs the same.

mod api;
pub(crate) mod browse;
pub(crate) mod cache;
pub(crate) mod cards;
mod front_page;
pub(crate) mod model;
mod pages;
pub(crate) mod product;
mod product_page;
pub(crate) mod queries;
mod seller_page;

pub use browse::{cards_of, find_product};
pub use cache::{CHANNEL, SHARED_FOR};
pub use cards::{absolute, license_words, picture_of};
pub use model::{Card, GalleryFilter, Preview};
pub use product::{Product, Supply, is_key};

use axum::Router;
use axum::routing::get;

use crate::state::Catalog;

pub(crate) fn routes() -> Router<Catalog> {
    Router::new()
        .route("/", get(front_page::show))
        .route("/api/gallery/public", get(api::gallery))
        .route("/gallery", get(pages::gallery))
        .route("/d/{key}", get(product_page::show))
        .route("/designs/{key}", get(product_page::moved))
        .route("/sellers/{id}", get(seller_page::show))
}

/// The OpenAPI description of the gallery.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Documented as utoipa::OpenApi>::openapi()
}
