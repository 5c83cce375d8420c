//! Disputes: a buyer's bank takes the money back. Each is a finding for the operator; meanwhile the ledger holds what the
//! provider withdrew, and the sellers' shares of it are frozen until the dispute has ended.

pub(crate) mod apply;
pub(crate) mod model;
pub(crate) mod queries;

pub use apply::of_payment;
pub use model::{DisputeLines, DisputeState};
