//! A database of its own for every test, from one throw-away server.
//!
//! The server is the one that `MACHIYA_TEST_DATABASE` names (an address as superuser; the databases in it whose names
//! start with `machiya_test_` are ours), else a private one on `/dev/shm` that the first test process starts, all later
//! ones share, and a watchdog ends when no test process has lived for a while.
//!
//! The migrations run once per set of migrations, in a template; a test's database is a copy of it, made in
//! milliseconds. It is dropped when the process that made it is gone, by the tests that come after.

mod clean_up;
pub(crate) mod database;
mod own_server;
mod private_server;
pub(crate) mod server;
mod template;

#[cfg(test)]
mod tests;

pub use database::{TestDatabase, empty_database, fresh_database};
pub use own_server::OwnServer;
