//! Another mail address for an account, agreed to in both mailboxes.
//!
//! What always holds: nothing changes before both links were used; nobody learns whether an address has an account; of
//! two who want the same address one gets it.

mod api;
mod confirm;
mod model;
mod pages;
pub(crate) mod queries;
mod request;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

pub use confirm::{Confirmed, confirm};
pub use model::{EmailChangeId, PendingChange};
pub use request::{cancel, request};

/// The routes of changing one's address.
pub fn routes() -> Router<App> {
    pages::routes().merge(api::routes())
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(api::request_api, api::confirm_api, api::cancel_api))]
struct Described;

/// The OpenAPI description of changing one's address.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}
