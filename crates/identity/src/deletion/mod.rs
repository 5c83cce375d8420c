//! Deletion of an account: 14 days to cancel, then the personal data are erased.
//!
//! What always holds: orders, the ledger, entitlements and licences stay, because buyers and the law need them; published
//! products are withdrawn; every login method is deleted; no table holds the mail address or the name any more, except for
//! the addressee of invoices and the parties of licences (`docs/DATA.md`). The domains above withdraw and erase their data
//! ([`ErasureHook`]) in the same transaction.

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

pub use model::{ErasedAccount, ErasureHook, ErasureHooks};

/// The routes of account deletion.
pub(crate) fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

/// The jobs of account deletion, with the hooks of all domains.
pub fn jobs(hooks: ErasureHooks) -> Registry {
    Registry::new()
        .on(move |run: JobRun<erase::EraseAccounts>| {
            let hooks = hooks.clone();
            async move { erase::erase_due(hooks, run).await }
        })
        .every(Duration::hours(1), &erase::EraseAccounts {})
}

/// The OpenAPI description of account deletion.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::request_api, api::cancel_api))]
pub(crate) struct ApiDoc;
