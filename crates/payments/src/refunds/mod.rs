//! Refunds: asked for in a transaction, made by a job, on the ledger when the provider says they succeeded.

mod apply;
pub(crate) mod jobs;
mod model;
pub(crate) mod queries;
mod request;

pub(crate) use apply::{apply, apply_foreign};
pub use jobs::IssueRefund;
pub use model::{RefundExtent, RefundReason, RefundRequest, RefundStatus};
