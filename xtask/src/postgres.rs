//! PostgreSQL for the chores that need a database.
//!
//! The files are those of `platform::db::embedded`, included rather than depended on: `platform` brings the whole
//! stack of the server with it, and a chore such as `tidy` or `up` has to be built from nothing in seconds.

#![allow(dead_code, unreachable_pub, reason = "the chores use a part of what `platform` makes public")]

#[path = "../../crates/platform/src/db/embedded/address.rs"]
mod address;
#[path = "../../crates/platform/src/db/embedded/binaries.rs"]
mod binaries;
#[path = "../../crates/platform/src/db/embedded/error.rs"]
mod error;
#[path = "../../crates/platform/src/db/embedded/initialise.rs"]
mod initialise;
#[path = "../../crates/platform/src/db/embedded/server_user.rs"]
mod server_user;
#[path = "../../crates/platform/src/db/embedded/throw_away.rs"]
mod throw_away;

pub(crate) use binaries::{Binaries, BinarySearch};
pub(crate) use initialise::SUPERUSER;
pub(crate) use throw_away::ThrowAway;
