//! What the command line offers.

mod admin;
pub(crate) mod output;
mod plain;
mod serve;

pub use admin::{grant_operator, reseal, revoke_operator};
pub use plain::{config, migrate, openapi, seed, verify};
pub use serve::{serve, worker};
