//! Who takes the money: Stripe, and a sandbox that behaves like it.
//!
//! A provider is asked outside any transaction; what it says comes back as a snapshot in our own words.

pub(crate) mod code;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod note;
pub(crate) mod provider;
pub(crate) mod request;
pub mod sandbox;
pub(crate) mod snapshot;
pub mod stripe;
pub(crate) mod subscriptions;

pub use code::{ProviderCode, UnknownProvider};
pub use snapshot::Voucher;
