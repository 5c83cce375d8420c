//! Sign-up, log-in and log-out, as pages and as an API.

pub mod api;
mod log_in;
mod pages;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::House;

pub use log_in::{Credentials, log_in};

/// The routes of accounts.
pub fn routes() -> Router<House> {
    api::routes().merge(pages::routes())
}

/// What accounts say of their API.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::sign_up, api::log_in_api, api::me, api::log_out))]
struct Described;

/// The OpenAPI description of accounts.
pub fn openapi() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}
