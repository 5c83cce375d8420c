//! Authenticator apps: six digits that change every thirty seconds (TOTP, RFC 6238).
//!
//! What always holds: the secret is encrypted with a key that the database does not have; a code works once; attempts are
//! counted before they are checked.

pub(crate) mod check;
pub(crate) mod model;
mod queries;
mod reseal;
pub(crate) mod set_up;
#[cfg(test)]
mod tests;

pub use reseal::reseal;
