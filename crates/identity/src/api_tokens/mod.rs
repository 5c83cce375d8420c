//! Tokens that people make for their own programs: with scopes, an end, and a name by which they are known.
//!
//! What always holds: the token is shown once and stored as a hash; it does what its scopes say and nothing else, and
//! nothing at all on pages; making and ending one needs a recent proof of identity, which a token never is.

mod api;
mod find;
mod make;
mod model;
mod pages;
pub(crate) mod queries;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

pub(crate) use find::find;
pub(crate) use make::revoke_all;
pub use make::{make, revoke};
pub use model::{ApiToken, ApiTokenId, ApiTokenSecret, NewApiToken};

/// The routes of API tokens.
pub fn routes() -> Router<App> {
    api::routes().merge(pages::routes())
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(api::list_api, api::make_api, api::revoke_api))]
struct Described;

/// The OpenAPI description of API tokens.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}
