//! Proving one's identity again before sensitive changes.
//!
//! A page that needs a recent proof shows the form of [`form::confirm_page`]. The form carries the submitted fields along;
//! after the right password the browser posts exactly these to the original path. A page that is only opened redirects to
//! `/account/confirm` and back.

mod api;
pub(crate) mod form;
mod pages;
pub(crate) mod prove;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

/// The routes of reauthentication.
pub(crate) fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

/// The OpenAPI description of reauthentication.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::prove_api))]
pub(crate) struct ApiDoc;
