//! Wallets: how much of each unit a person has.

pub(crate) mod model;
pub(crate) mod queries;

pub use model::{Balance, tokens_as_number};
pub use queries::{balance, lock};
