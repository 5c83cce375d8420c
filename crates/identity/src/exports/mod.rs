//! Exports of everything that the platform stores about an account, as a ZIP of JSON files for its owner.
//!
//! What always holds: rows are read as the account under row level security, so that no other account's rows and no secret
//! column are in the file; the file is private, is fetched by a signed URL of five minutes, and is deleted after seven days.
//!
//! The domains above declare which of their tables hold rows of accounts ([`Contributor`]); `machiya` collects them, and a
//! test there fails when a table with an owner is missing.

mod api;
mod build;
mod download;
mod expire;
mod model;
mod pages;
pub(crate) mod queries;
mod request;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;
use platform::jobs::{JobRun, Registry};
use time::Duration;

pub use model::{Contributor, Contributors, OwnRows};

/// The routes of exports.
pub(crate) fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

/// The jobs of exports, with the tables of all domains.
pub fn jobs(contributors: Contributors) -> Registry {
    Registry::new()
        .on(move |run: JobRun<model::BuildExport>| {
            let contributors = contributors.clone();
            async move { build::build_export(contributors, run).await }
        })
        .on_dead(build::mark_failed)
        .on(expire::delete_expired)
        .every(Duration::hours(1), &expire::DeleteExpiredExports {})
}

/// The OpenAPI description of exports.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::list_api, api::request_api, api::download_api))]
pub(crate) struct ApiDoc;
