//! The catalogue: sample pictures that lie under `catalog/` in the storage, for everyone.

mod api;
mod index;
pub(crate) mod queries;

#[cfg(test)]
mod tests;

use platform::jobs::Registry;
use time::Duration;

use crate::Studio;

pub(crate) use api::routes;
pub use index::IndexCatalog;

pub(crate) fn register_jobs(studio: &Studio) -> Registry {
    let studio = studio.clone();
    Registry::new()
        .on::<IndexCatalog, _, _>(move |run| index::index_catalog(studio.clone(), run))
        .every(Duration::minutes(10), &IndexCatalog {})
}

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
