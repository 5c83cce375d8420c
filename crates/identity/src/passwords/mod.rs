//! Passwords: hashed with argon2id, a few at a time, and checked against a policy.
//!
//! Parameters and rules follow NIST 800-63B-4 and OWASP (`reference/security.md`): 15 characters or more, 8 beside a
//! second factor, no composition rules, no common passwords and nothing about the person; m = 19 MiB, t = 2, p = 1.

mod api;
pub(crate) mod change;
pub(crate) mod hash;
pub(crate) mod model;
pub(crate) mod policy;
pub(crate) mod queries;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

pub use hash::hash_password;
pub use model::PasswordHash;

/// The routes of passwords.
pub(crate) fn routes() -> Router<App> {
    api::routes()
}

/// The OpenAPI description of passwords.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::change_api))]
pub(crate) struct ApiDoc;
