//! Refunds: asked for in a transaction, made by a job, on the ledger when the provider says they succeeded.

pub(crate) mod apply;
pub(crate) mod attribute;
pub(crate) mod jobs;
pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod request;

pub use attribute::succeeded_of;
pub use model::{LineAmount, RefundAttribution, RefundExtent, RefundLines, RefundReason, RefundRequest, RefundStatus};
