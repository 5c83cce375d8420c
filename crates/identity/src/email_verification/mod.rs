//! Verification of an account's mail address.
//!
//! An account works without it; publishing and buying need it, except in the demo
//! (`Config::asks_for_verified_addresses`), see `platform::http::access`.

mod api;
mod pages;
pub(crate) mod send;
#[cfg(test)]
mod tests;
mod verify;

use axum::Router;
use platform::App;

/// The routes of address verification.
pub(crate) fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

/// The OpenAPI description of address verification.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::send_api, api::confirm_api))]
pub(crate) struct ApiDoc;
