//! The sandbox: a provider on this machine, for trying out. No real money; refused in production.
//!
//! It keeps its own tables, shows a checkout page and a page for every subscription's clock, and reports what happened only
//! by signed events posted over HTTP to the webhook, as Stripe does.

mod act;
mod dispute_at_bank;
pub(crate) mod events;
pub(crate) mod handle;
pub(crate) mod jobs;
pub(crate) mod model;
pub(crate) mod names;
pub(crate) mod pages;
pub(crate) mod provider;
pub(crate) mod queries;
pub(crate) mod receive;
mod responses;
pub(crate) mod subscriptions;

pub use handle::SandboxBehaviour;
