//! Stripe, spoken directly: a dozen calls, their objects, their errors, and the signature of their events.
//!
//! Facts and their sources are in `reference/payments.md`; the version is pinned in [`client::API_VERSION`].

pub mod billing;
pub mod billing_objects;
pub mod billing_requests;
pub mod client;
mod convert;
pub mod error;
pub mod events;
pub mod objects;
pub(crate) mod receive;
pub mod requests;
pub mod signature;

#[cfg(test)]
mod tests;

pub use client::StripeClient;
pub use error::StripeError;
