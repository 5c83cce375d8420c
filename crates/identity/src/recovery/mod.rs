//! Recovery of a forgotten password, and the first password of an account that was created by a payment.
//!
//! What always holds: a request gets the same answer after the same work whether or not the account exists; a link works
//! once; a new password ends every session and API token; an account whose address was never verified loses everything that
//! was set up before.

mod api;
mod pages;
mod request;
mod reset;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;
use platform::jobs::Registry;

/// The routes of recovery.
pub(crate) fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

/// The jobs of recovery.
pub(crate) fn jobs() -> Registry {
    Registry::new().on(request::send_recovery)
}

/// The OpenAPI description of recovery.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::request_api, api::confirm_api))]
pub(crate) struct ApiDoc;
