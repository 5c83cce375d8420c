//! Reconciliation: attempts and refunds without an event are fetched, lost events are handled again, and what does not add
//! up is listed.

pub(crate) mod check;
pub(crate) mod findings;
pub(crate) mod jobs;
mod proof_queries;
pub(crate) mod queries;
pub(crate) mod verify;

pub use verify::verify;
