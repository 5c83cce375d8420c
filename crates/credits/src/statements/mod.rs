//! Statements: what somebody used, day by day, and an account of every credit that a bookkeeper can read.
//!
//! Days are Tokyo's. What is reserved and given back within does not show: a statement tells what came, what was used
//! and what ended, and its balance is what is there, reserved or not.

mod api;
mod csv;
mod model;
mod pages;
mod queries;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use platform::App;

pub(crate) use api::Described;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/user/settings", get(api::settings))
        .route("/api/user/usage", get(api::usage))
        .route("/account/usage", get(pages::show))
        .route("/account/usage.csv", get(pages::download))
}
