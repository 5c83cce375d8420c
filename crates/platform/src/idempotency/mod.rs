//! Keys of repeated requests: who holds one, what was answered, and the mark that every transaction of the request leaves
//! on its key. The middleware that serves the header is [`crate::http::idempotency`].

pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod reservation;
