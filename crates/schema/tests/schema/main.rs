//! What the migrations make, looked at from outside: who may do what, the traps that advisors warn of, and the same
//! result on every kind of PostgreSQL that the platform may be given.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test says what it expects")]

mod advisor;
mod catalogue;
mod matrix;
mod migrations;
mod owners;
mod supabase;
