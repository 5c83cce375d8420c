//! The pages of an account: `/account/security`, `/account/tokens`, `/account/data`, and their common head.

mod dates;
mod device_names;
mod security;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use platform::App;
use ui::Messages;

pub(crate) use dates::{day, minute};
pub(crate) use device_names::device_name;
pub(crate) use security::security;

/// The routes of the account's own pages.
pub fn routes() -> Router<App> {
    Router::new().route("/account", get(|| async { Redirect::to("/account/security") })).merge(security::routes())
}

/// The tabs above each page; `current` is the path of the one that is shown.
pub(crate) fn tabs(t: Messages, current: &str) -> Vec<(String, String, bool)> {
    [
        ("account-tab-security", "/account/security"),
        ("account-tab-tokens", "/account/tokens"),
        ("account-tab-data", "/account/data"),
    ]
    .into_iter()
    .map(|(key, path)| (t.say(key), path.to_owned(), path == current))
    .collect()
}
