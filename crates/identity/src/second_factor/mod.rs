//! The second proof of who somebody is: an authenticator app, a passkey, or a recovery code.
//!
//! What always holds: where one is set up, no first proof (password, link, another site) begins a session by itself; a
//! challenge works once, for its own person, for ten minutes and five guesses, which are counted before they are looked
//! at; nothing is set up or taken away without a recent proof, and its owner is told by mail.

pub mod api;
mod change;
mod code;
mod complete;
mod enter;
mod jobs;
mod model;
mod notices;
mod pages;
pub(crate) mod queries;
mod recovery_codes;
mod sections;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

pub(crate) use api::challenge_owner;
pub(crate) use change::{Renewed, after_removal, renew};
pub(crate) use code::plain;
pub(crate) use complete::complete_with_passkey;
pub use enter::{enter, factors, forget};
pub(crate) use jobs::{SweepChallenges, sweep};
pub use model::{CHALLENGE_ATTEMPTS_MAX, CHALLENGE_LIFETIME, Entry, Factors, LoginChallengeId, Method, OpenChallenge};
pub(crate) use notices::{Notice, notify};
pub(crate) use pages::{back_to_security, show_codes};
pub(crate) use recovery_codes::FreshCodes;
pub use sections::{Sections, sections};

/// The routes of the second proof.
pub(crate) fn routes() -> Router<App> {
    api::routes().merge(pages::routes())
}

/// What the second proof says of its API.
#[derive(utoipa::OpenApi)]
#[openapi(paths(api::complete, api::show, api::renew_codes, api::begin_totp, api::confirm_totp, api::remove_totp))]
pub(crate) struct Described;
