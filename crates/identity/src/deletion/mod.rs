//! Leaving the platform: fourteen days to change one's mind, then the person is erased.
//!
//! What always holds: orders, the ledger, entitlements and licences stay, because buyers and the law need them; what the
//! person published is withdrawn; every way in is gone; no table still holds the mail address or the name, but for the
//! addressee of invoices and the parties of licences (`docs/DATA.md`). The domains above withdraw and forget what is theirs
//! ([`Hook`]), in the same transaction.

mod api;
mod erase;
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

pub use model::{GRACE, Hook, Hooks, Leaver};
pub use request::{cancel, request};

use erase::{ErasePeople, erase_due};

/// The routes of leaving.
pub fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

/// The queued work of leaving, with what the domains do about it.
pub fn work(hooks: Hooks) -> Registry {
    Registry::new()
        .on(move |run: JobRun<ErasePeople>| {
            let hooks = hooks.clone();
            async move { erase_due(hooks, run).await }
        })
        .every(Duration::hours(1), &ErasePeople {})
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(api::request_api, api::cancel_api))]
struct Described;

/// The OpenAPI description of leaving.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}
