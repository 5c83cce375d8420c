//! The people of the platform, as an operator sees them: found by mail address or the beginning of a name, filtered by
//! plan, role and ban, newest first without end.

mod api;
pub(crate) mod ban;
mod model;
pub(crate) mod pages;
mod queries;
#[cfg(test)]
mod tests;

pub use ban::{Verdict, ban, unban};
pub use model::{Incident, Movement, Person, Search};

use axum::Router;
use axum::routing::{get, post};
use platform::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/admin/users", get(api::list))
        .route("/api/admin/users/{id}", get(api::show))
        .route("/api/admin/users/{id}/ban", post(api::ban).delete(api::unban))
        .route("/console/users", get(pages::list))
        .route("/console/users/{id}", get(pages::show))
        .route("/console/users/{id}/ban", post(pages::ban))
        .route("/console/users/{id}/unban", post(pages::unban))
}

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
