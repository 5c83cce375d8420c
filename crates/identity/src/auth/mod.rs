//! Sign-up, login and logout, as pages and as an API.

pub(crate) mod api;
pub(crate) mod log_in;
pub(crate) mod logged_in;
pub(crate) mod login_outcome;
pub(crate) mod model;
mod pages;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

/// The routes of sign-up, login and logout.
pub(crate) fn routes() -> Router<App> {
    api::routes().merge(pages::routes())
}

/// The OpenAPI description of sign-up, login and logout.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::sign_up, api::log_in_api, api::me, api::log_out))]
pub(crate) struct ApiDoc;
