//! Everything that the platform holds about a person, as one file for that person: a ZIP of JSON.
//!
//! What always holds: rows are read as the person, under row level security, so that nobody else's rows and no secret
//! column can get in; the file is private, leaves by a link of minutes to whoever is logged in, and is deleted after
//! seven days.
//!
//! The domains above say which of their tables belong to whom ([`Contributor`]); `machiya` puts them together, and a test
//! there fails when a table with an owner is forgotten.

mod api;
mod build;
mod end;
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

pub(crate) use end::forget;
pub use model::{AccountExport, AccountExportId, Contributor, Contributors, ExportState, OwnRows};
pub use request::request;

use build::{BuildExport, build, give_up};
use end::{EndExports, end_old};

/// The routes of exports.
pub fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

/// The queued work of exports, over what the domains contribute.
pub fn work(contributors: Contributors) -> Registry {
    Registry::new()
        .on(move |run: JobRun<BuildExport>| {
            let contributors = contributors.clone();
            async move { build(contributors, run).await }
        })
        .on_dead(give_up)
        .on(end_old)
        .every(Duration::hours(1), &EndExports {})
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(api::list_api, api::request_api, api::download_api))]
struct Described;

/// The OpenAPI description of exports.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}
