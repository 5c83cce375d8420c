//! Sign-up, log-in and log-out, as pages and as an API.

pub mod api;
mod log_in;
mod pages;
pub(crate) mod session_cookies;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;
use utoipa::OpenApi as _;

use crate::{
    account_settings, api_tokens, deletion, email_changes, email_verification, exports, oidc, passkeys, passwords,
    reauthentication, recovery, second_factor, sessions,
};

pub use log_in::{Credentials, LoggedIn, enter, log_in};

/// The routes of accounts.
pub fn routes() -> Router<App> {
    api::routes()
        .merge(pages::routes())
        .merge(account_settings::routes())
        .merge(api_tokens::routes())
        .merge(deletion::routes())
        .merge(exports::routes())
        .merge(email_changes::routes())
        .merge(email_verification::routes())
        .merge(oidc::routes())
        .merge(passkeys::routes())
        .merge(passwords::routes())
        .merge(reauthentication::routes())
        .merge(recovery::routes())
        .merge(second_factor::routes())
        .merge(sessions::routes())
}

/// What accounts say of their API.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::sign_up, api::log_in_api, api::me, api::log_out))]
struct Described;

/// The OpenAPI description of accounts.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut whole = <Described as utoipa::OpenApi>::openapi();
    for part in [
        api_tokens::described(),
        deletion::described(),
        exports::described(),
        email_changes::described(),
        email_verification::described(),
        passkeys::Described::openapi(),
        passwords::described(),
        reauthentication::described(),
        recovery::described(),
        second_factor::Described::openapi(),
        sessions::described(),
    ] {
        whole.merge(part);
    }
    whole
}
