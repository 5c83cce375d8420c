//! Reconciliation: payments and refunds without an event are fetched, lost events are handled again, and what does not add up is listed.

pub(crate) mod check;
pub(crate) mod findings;
pub(crate) mod jobs;
pub(crate) mod queries;
pub(crate) mod verify;

pub use jobs::{CheckPayment, Reconcile};
pub use verify::verify;
