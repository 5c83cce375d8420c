//! What tests stand on: a database each, an installation each, doubles of the providers that misbehave on command.
//!
//! What always holds: time is injected and never slept; every double listens on 127.0.0.1; nothing here knows the crates
//! that make, sell or pay, so that a mistake cannot be made on both sides at once.

pub mod ai_doubles;
pub mod app;
pub mod authenticator;
pub mod cluster;
pub mod contract;
pub mod jwks_double;
pub mod measurements;
pub mod oidc_double;
pub mod payment_doubles;

pub use app::{Answer, BEGINNING, TestApp, TestClient, TestUser};
