//! Sessions: a cookie for browsers, a bearer token for programs; only the hash of the secret is stored.

mod model;
pub(crate) mod queries;
mod resolve;
mod start;

pub use model::{SESSION_LIFETIME, SessionKind, SessionToken, StartedSession};
pub use resolve::{cookie_name, resolve_actor};
pub use start::{end, start};
