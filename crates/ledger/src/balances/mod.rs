//! Balances: what a party has, kept by the database and read here.

mod model;
mod queries;

pub use model::{KindBalance, SellerBalance};
pub use queries::{of_platform, of_seller};
