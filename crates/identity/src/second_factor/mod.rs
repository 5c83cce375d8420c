//! The second factor: an authenticator app, a passkey or a recovery code.
//!
//! What always holds: with a second factor, no first factor (password, link, OpenID provider) starts a session by itself; a
//! challenge works once, for its account, for ten minutes and five attempts, which are counted before they are checked;
//! factors change only after a recent proof of identity, and the owner gets a mail about every change.

mod api;
pub(crate) mod challenge;
pub(crate) mod change;
pub(crate) mod complete;
pub(crate) mod model;
pub(crate) mod notices;
mod pages;
pub(crate) mod queries;
pub(crate) mod recovery_codes;
pub(crate) mod sections;
pub(crate) mod show_codes;
mod sweep;
#[cfg(test)]
mod tests;
pub(crate) mod typed_code;

use axum::Router;
use platform::App;
use platform::jobs::Registry;
use time::Duration;

/// The routes of the second factor.
pub(crate) fn routes() -> Router<App> {
    api::routes().merge(pages::routes())
}

/// The jobs of the second factor.
pub(crate) fn jobs() -> Registry {
    Registry::new().on(sweep::sweep_challenges).every(Duration::hours(1), &sweep::SweepChallenges {})
}

/// The OpenAPI description of the second factor.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::complete, api::show, api::renew_codes, api::begin_totp, api::confirm_totp, api::remove_totp))]
pub(crate) struct ApiDoc;
