//! The chart of accounts.

pub(crate) mod model;

pub use model::{Account, ProviderName};
