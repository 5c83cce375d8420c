//! Wallets: how much of each unit a person has.

mod model;
mod queries;

pub use model::{Balance, tokens_as_number};
pub use queries::{balance, lock};
