//! An installation for one test: a real database, a real HTTP server, real files, a clock that the test moves.

mod client;
mod credits;
mod people;
mod test_app;

pub use client::{Answer, TestClient};
pub use people::TestUser;
pub use test_app::{BEGINNING, TestApp};
