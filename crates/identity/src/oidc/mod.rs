//! Log-in by an account at another site that speaks OpenID Connect (Google).
//!
//! What always holds: code flow with PKCE, state, nonce and the browser's own cookie; issuer, audience, signature and
//! time of the token are checked; the subject counts, never the address; an account is linked by its address only where
//! both sides have verified it; nothing is fetched inside a transaction; a second factor is asked for as after a password.

mod authorize;
mod callback;
mod link;
mod model;
mod pages;
mod provider;
mod queries;
mod resolve_account;
#[cfg(test)]
mod tests;

pub(crate) use link::{LinkedSite, linked_site};
pub(crate) use pages::routes;
