//! The sandbox: a provider on this machine, for trying out. No real money; refused in production.
//!
//! It keeps its own books, shows a checkout page, and tells what happened only by signed events posted over HTTP to the
//! same webhook as Stripe's: whatever works here has been through the same door.

mod act;
pub(crate) mod jobs;
mod model;
pub(crate) mod pages;
mod provider;
mod queries;

pub use jobs::DeliverSandboxEvent;
pub use provider::Sandbox;

/// How the names of the sandbox's events begin.
pub(crate) const EVENT_PREFIX: &str = "evt_sandbox_";
