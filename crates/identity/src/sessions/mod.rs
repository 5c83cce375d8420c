//! Sessions: a cookie for browsers, a bearer token for programs; only the hash of the secret is stored.

mod model;
mod proof;
pub(crate) mod queries;
mod resolve;
mod start;

pub use model::{Beginning, Factor, PROOF_LIFETIME, SESSION_LIFETIME, SessionKind, SessionToken, StartedSession};
pub use proof::{Proof, proof, require_recent_proof};
pub use resolve::{cookie_name, resolve_actor};
pub use start::{begin, end, end_others, note_proof, rotate, start};
