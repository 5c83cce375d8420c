//! API tokens for people's own programs, with scopes, an expiry and a name.
//!
//! What always holds: a token is shown once and stored as a hash; it may do what its scopes say and opens no pages; creating
//! one needs a recent proof of identity, which a token never is.

mod api;
mod create;
pub(crate) mod find;
pub(crate) mod model;
mod pages;
pub(crate) mod queries;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

/// The routes of API tokens.
pub(crate) fn routes() -> Router<App> {
    api::routes().merge(pages::routes())
}

/// The OpenAPI description of API tokens.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::list_api, api::create_api, api::revoke_api))]
pub(crate) struct ApiDoc;
