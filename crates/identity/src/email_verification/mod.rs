//! Mail reaches the address of an account, or nobody knows yet.
//!
//! An account works before that; what others see or pay for (publishing, buying) waits for it, except in the demo
//! (`Config::asks_for_verified_addresses`), see `platform::http::access`.

mod ask;
mod pages;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use ask::ask;
pub use pages::{described, routes};
pub use verify::verify;
