//! Reconciliation: what was not heard is asked for, what is lost is found, what does not add up is listed.

mod check;
pub(crate) mod findings;
pub(crate) mod jobs;
mod queries;
mod verify;

pub use jobs::{CheckPayment, Reconcile};
pub use verify::verify;
