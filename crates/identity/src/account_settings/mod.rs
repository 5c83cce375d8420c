//! The account pages: `/account/security`, `/account/tokens`, `/account/data`, and the tabs above them.

mod device_names;
pub(crate) mod security;
pub(crate) mod security_redirect;
pub(crate) mod tabs;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use platform::App;

/// The routes of the account pages.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/account", get(|| async { Redirect::to("/account/security") })).merge(security::routes())
}
