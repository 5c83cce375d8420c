//! Authenticator apps: six digits that change every thirty seconds (RFC 6238).
//!
//! What always holds: the secret is sealed with a key that the database does not have; a code works once; guesses are
//! counted before they are looked at.

mod check;
mod model;
mod queries;
mod reseal;
mod set_up;
#[cfg(test)]
mod tests;

pub(crate) use check::{accept, clear_failures, reserve_guess};
pub(crate) use model::{TotpSecret, qr_code};
pub use reseal::reseal;
pub(crate) use set_up::{Enrolment, begin, confirm, remove, show};
