//! Notices to the owners of purposes.

pub(crate) mod model;
mod redeliver;
pub(crate) mod routes;

pub use model::{DisputeNotice, PaymentNotice, RefundNotice};
pub use routes::PurposeRoutes;
