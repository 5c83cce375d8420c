//! The gallery: what is for sale, for everybody. Pages of any depth at the same cost, one query a page.
//!
//! What strangers see changes rarely and is asked for often: pages may be shared for [`SHARED_FOR`], and the database
//! says on the channel [`CHANNEL`] when something has changed (the payload is the product's id).

mod api;
mod cards;
mod front_page;
mod model;
mod pages;
mod product_page;
pub mod queries;
mod seller_page;

pub use cards::{absolute, picture_of};
pub use model::{Card, Filter};
pub use product_page::{date_in_words, is_key, license_words};

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::Ctx;
use platform::http::Cacheable;
use platform::{App, Tx};
use time::Duration;

use crate::Catalog;

/// Where the database tells that the gallery has changed (`LISTEN gallery`).
pub const CHANNEL: &str = "gallery";

/// For how long strangers may share one copy of a page.
pub const SHARED_FOR: Duration = Duration::seconds(5);

pub(crate) fn routes(catalog: &Catalog) -> Router<App> {
    Router::new()
        .route("/", get(front_page::show))
        .route("/api/gallery/public", get(api::gallery))
        .route("/gallery", get(pages::gallery))
        .route("/d/{key}", get(product_page::show))
        .route("/designs/{key}", get(product_page::moved))
        .route("/sellers/{id}", get(seller_page::show))
        .layer(axum::Extension(catalog.clone()))
}

/// An answer that says the same to every stranger, and is shared among them.
fn shared(ctx: &Ctx, answer: impl IntoResponse) -> Response {
    if ctx.user().is_some() { answer.into_response() } else { Cacheable::during(SHARED_FOR).on(answer) }
}

/// This transaction changes what strangers see: once it is committed, this process shows nothing older. Other processes
/// hear of it on [`CHANNEL`].
pub fn changes(app: &App, tx: &mut Tx) {
    let shared = app.response_cache().clone();
    tx.forget_after_commit(move || shared.clear());
}

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
