//! Disputes: a buyer's bank takes the money back. An operator is told of each; meanwhile the ledger holds what the
//! provider withdrew, and the seller's share of it is frozen until the dispute has ended.

mod apply;
mod model;
mod queries;

pub(crate) use apply::apply;
pub(crate) use model::DisputeNews;
pub use model::DisputeState;
