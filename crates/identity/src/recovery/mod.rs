//! A forgotten password, and the first password of an account that somebody paid for.
//!
//! What always holds: the answer to "I forgot" is the same, in the same time, whether or not there is an account; a link
//! works once; a new password ends every session and every token of a program; an account whose address was never
//! shown to be anybody's loses everything that was set up before.

mod api;
mod ask;
mod pages;
mod reset;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

pub use ask::ask;
pub(crate) use ask::send;
pub use reset::{AFTER_FIRST_PASSWORD, Reset, reset};

/// The routes of recovery.
pub fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(api::ask_api, api::confirm_api))]
struct Described;

/// The OpenAPI description of recovery.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}
