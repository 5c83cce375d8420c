//! The program: everything put together.
//!
//! [`start`] makes the platform from its configuration, [`wiring`] says which routes and which work there are and what
//! follows a payment, [`commands`] are what the command line offers, [`seed`] makes the demo, [`verification`] proves
//! what always holds, [`openapi`] describes the API.
//!
//! Absent on purpose: business. Whatever decides something belongs to the crate of its domain.

pub mod access;
pub mod commands;
mod dev;
pub mod openapi;
pub mod seed;
pub mod start;
pub mod users;
pub mod verification;
pub mod wiring;
