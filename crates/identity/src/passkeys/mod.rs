//! Passkeys (WebAuthn): a key pair on a device, unlocked by a finger, a face or a number.
//!
//! What always holds: only the public key is kept; user verification is required, so that a passkey alone is two proofs
//! in one; a ceremony is answered once, by the person and for the purpose it was begun for; a counter never goes back.

pub mod api;
mod ceremony;
mod manage;
mod model;
mod pages;
mod prove;
mod queries;
mod register;
#[cfg(test)]
mod tests;

use axum::Router;
use platform::App;

pub(crate) use manage::list;
pub(crate) use model::RelyingParty;
pub use model::{Passkey, PasskeyId};
pub(crate) use pages::AnswerForm;
pub(crate) use prove::{Answered, complete};

/// The routes of passkeys.
pub(crate) fn routes() -> Router<App> {
    api::routes().merge(pages::routes())
}

/// What passkeys say of their API.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    api::options,
    api::log_in,
    api::prove_again,
    api::registration_options,
    api::list,
    api::add,
    api::rename,
    api::remove
))]
pub(crate) struct Described;
