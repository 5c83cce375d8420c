//! Refunds: asked for in a transaction, made by a job, on the ledger when the provider says they succeeded.

pub(crate) mod apply;
pub(crate) mod jobs;
pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod request;

pub use jobs::IssueRefund;
pub use model::{RefundExtent, RefundReason, RefundRequest, RefundStatus};
