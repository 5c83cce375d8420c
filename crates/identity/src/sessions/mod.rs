//! Sessions: a cookie for browsers, a bearer token for programs; only the hash of the secret is stored.

mod caller;
mod model;
mod own;
mod proof;
pub(crate) mod queries;
mod resolve;
mod start;
mod sweep;

pub use caller::Caller;
pub use model::{Beginning, Factor, PROOF_LIFETIME, SESSION_LIFETIME, SessionKind, SessionToken, StartedSession};
pub(crate) use own::routes;
pub use own::{OwnSession, described, end_own, list};
pub use proof::{Proof, proof, require_recent_proof};
pub use resolve::{Resolver, cookie_name, resolve_actor};
pub use start::{begin, end, end_others, note_proof, rotate, start};
pub(crate) use sweep::{SweepSessions, sweep};
