//! The sandbox: a provider on this machine, for trying out. No real money; refused in production.
//!
//! It keeps its own books, shows a checkout page and a page for every subscription's clock, and tells what happened only by signed events posted over HTTP to the
//! same webhook as Stripe's: whatever works here has been through the same door.

mod act;
pub(crate) mod jobs;
mod model;
pub(crate) mod pages;
mod provider;
mod queries;
pub(crate) mod subscriptions;

pub use jobs::DeliverSandboxEvent;
pub use provider::Sandbox;
pub use subscriptions::TurnSandboxClocks;

/// What is in every name that the sandbox gives to a customer, a subscription, an invoice or a session.
pub(crate) const NAME_MARK: &str = "_sandbox_";
/// How the names of the sandbox's events begin.
pub(crate) const EVENT_PREFIX: &str = "evt_sandbox_";
