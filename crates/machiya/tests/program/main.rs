//! The whole program as its users and its operator meet it: the real binary, a real database, real HTTP.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod bans;
mod command_line;
mod credits;
mod faults;
mod process;
mod readme;
mod walk;
