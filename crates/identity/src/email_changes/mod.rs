//! Changes of an account's mail address, confirmed from both mailboxes.
//!
//! What always holds: the address changes only after both links were used; nobody learns whether an address has an account;
//! of two concurrent changes to one address one succeeds.

mod api;
mod confirm;
mod model;
mod pages;
pub(crate) mod queries;
mod request;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

/// The routes of address changes.
pub(crate) fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

/// The OpenAPI description of address changes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::request_api, api::confirm_api, api::cancel_api))]
pub(crate) struct ApiDoc;
