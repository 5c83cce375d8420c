//! Notices to the owners of purposes.

mod redeliver;
pub(crate) mod routes;
