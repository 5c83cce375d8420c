//! Login by an OpenID provider (Google).
//!
//! What always holds: authorization code flow with PKCE, state, nonce and a cookie of the browser; issuer, audience,
//! signature and time of the ID token are checked; accounts are identified by the subject, never by the address; an account
//! is linked by its address only where both sides have verified it; nothing is fetched inside a transaction; a second factor
//! is needed as after a password.

mod authorize;
mod callback;
pub(crate) mod link;
pub(crate) mod model;
mod pages;
mod provider;
mod queries;
mod resolve_account;
mod state;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

/// The routes of the login by an OpenID provider.
pub(crate) fn routes(app: &App) -> Router<App> {
    pages::routes().with_state(state::Oidc::new(app))
}
