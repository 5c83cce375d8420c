//! Disputes: a buyer's bank takes the money back. Each is a finding for the operator; meanwhile the ledger holds what the
//! provider withdrew, and the seller's share of it is frozen until the dispute has ended.

pub(crate) mod apply;
pub(crate) mod model;
pub(crate) mod queries;

pub use model::DisputeState;
