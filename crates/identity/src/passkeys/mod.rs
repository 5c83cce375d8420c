//! Passkeys (WebAuthn).
//!
//! What always holds: only the public key is stored; user verification is required, so that a passkey alone counts as two
//! factors; a ceremony is answered once, by the account and for the purpose it was begun for; a signature counter never
//! goes back.

mod api;
pub(crate) mod ceremony;
pub(crate) mod manage;
pub(crate) mod model;
mod pages;
pub(crate) mod prove;
pub(crate) mod queries;
pub(crate) mod register;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

/// The routes of passkeys.
pub(crate) fn routes() -> Router<App> {
    api::routes().merge(pages::routes())
}

/// The OpenAPI description of passkeys.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    api::options,
    api::log_in,
    api::prove_again,
    api::registration_options,
    api::list,
    api::add,
    api::rename,
    api::remove
))]
pub(crate) struct ApiDoc;
