//! The platform against a real database, real processes, real HTTP.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test says what it expects")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a child process answers its test, and a figure is for its reader"
)]

mod answers;
mod apps;
mod bucket;
mod doubts;
mod ends;
mod files;
mod leases;
mod limits;
mod measurements;
mod outages;
mod outbox;
mod processes;
mod proxy;
mod queue;
mod requests;
mod running;
mod s3_server;
mod schedules;
mod sharing;
mod smtp;
mod transactions;
