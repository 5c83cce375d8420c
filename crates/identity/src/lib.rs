//! Identity: accounts and how they authenticate.
//!
//! Accounts with a mail address, login by password, passkey or OpenID provider, second factors, sessions (a cookie for
//! browsers, a bearer token for programs), API tokens, roles, bans, exports and the deletion of accounts.
//!
//! What always holds: only hashes of passwords and secrets are stored; a wrong password and an unknown address get the same
//! answer after the same time; a session belongs to one account and expires.
//!
//! Absent on purpose: what a person generated, sold or bought.

mod account_settings;
mod api_tokens;
mod auth;
pub mod deletion;
mod email_changes;
mod email_verification;
mod emails;
pub mod exports;
mod layers;
mod login_methods;
mod login_throttle;
mod oidc;
pub mod one_time_links;
pub mod operators;
mod passkeys;
pub mod passwords;
mod reauthentication;
mod recovery;
mod responses;
mod scopes;
mod sealing;
mod second_factor;
mod secret_token;
mod session_cookies;
pub mod sessions;
mod supabase_tokens;
mod totp;
pub mod users;

use axum::Router;
use platform::App;
use platform::jobs::Registry;
use utoipa::OpenApi as _;

pub use layers::wrap;
pub use scopes::ROUTE_SCOPES;
pub use totp::reseal;
pub use users::require_active::require_active;

/// The routes of identity.
pub fn routes(app: &App) -> Router<App> {
    auth::routes()
        .merge(account_settings::routes())
        .merge(api_tokens::routes())
        .merge(deletion::routes())
        .merge(exports::routes())
        .merge(email_changes::routes())
        .merge(email_verification::routes())
        .merge(oidc::routes(app))
        .merge(passkeys::routes())
        .merge(passwords::routes())
        .merge(reauthentication::routes())
        .merge(recovery::routes())
        .merge(second_factor::routes())
        .merge(sessions::routes())
}

/// The OpenAPI description of identity.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut whole = auth::ApiDoc::openapi();
    for part in [
        api_tokens::ApiDoc::openapi(),
        deletion::ApiDoc::openapi(),
        exports::ApiDoc::openapi(),
        email_changes::ApiDoc::openapi(),
        email_verification::ApiDoc::openapi(),
        passkeys::ApiDoc::openapi(),
        passwords::ApiDoc::openapi(),
        reauthentication::ApiDoc::openapi(),
        recovery::ApiDoc::openapi(),
        second_factor::ApiDoc::openapi(),
        sessions::ApiDoc::openapi(),
    ] {
        whole.merge(part);
    }
    whole
}

/// The jobs of identity, except those that need the other domains: [`exports::jobs`] and [`deletion::jobs`].
pub fn jobs() -> Registry {
    one_time_links::jobs()
        .and(recovery::jobs())
        .and(second_factor::jobs())
        .and(login_throttle::jobs())
        .and(sessions::jobs())
}
