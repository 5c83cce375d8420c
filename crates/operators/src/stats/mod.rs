//! How the platform does: people, plans, money, pictures and waiting work; in stats, and day by day.

mod api;
mod model;
mod pages;
mod queries;

pub use model::{Day, PlanShare, Stats, Work};

use axum::Router;
use axum::routing::get;
use platform::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/admin/stats", get(api::show)).route("/console/stats", get(pages::show))
}

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
