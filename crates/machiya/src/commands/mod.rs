//! What the command line offers.

mod admin;
mod plain;
mod serve;

pub use admin::{grant_operator, reseal, revoke_operator};
pub use plain::{config, migrate, openapi, seed, verify};
pub use serve::{serve, worker};

/// Writes a line to standard output.
#[expect(clippy::print_stdout, reason = "this is what a command line program answers with")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
