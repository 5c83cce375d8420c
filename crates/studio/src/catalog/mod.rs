//! The sample pictures that lie under `catalog/` in the storage, for everyone.

mod api;
mod index;
pub(crate) mod queries;

#[cfg(test)]
mod tests;

use platform::jobs::Registry;
use time::Duration;

use crate::state::Studio;
use index::IndexCatalog;

pub(crate) use api::{openapi, routes};

/// The handlers of this feature's jobs.
pub(crate) fn register_jobs(studio: &Studio) -> Registry {
    let studio = studio.clone();
    Registry::new()
        .on::<IndexCatalog, _, _>(move |run| index::index_catalog(studio.clone(), run))
        .every(Duration::minutes(10), &IndexCatalog {})
}
