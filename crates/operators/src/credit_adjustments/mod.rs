//! Credits given and taken by hand: with a reason, in the audit log and on the person's own statement.

mod api;
mod correct;
pub(crate) mod model;
mod pages;

pub use correct::correct;
pub use model::{Correction, CorrectionForm};

use axum::Router;
use axum::routing::post;
use platform::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/admin/credits", post(api::correct))
        .route("/console/users/{id}/credits", post(pages::correct))
}

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
