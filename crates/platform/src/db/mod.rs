//! The database: two log-ins, two pools, and no connection without an actor.
//!
//! Pages and API connect as `machiya_web` (owns nothing, bypasses nothing, member of `anon` and `authenticated` only);
//! jobs, webhooks and the platform's own rules as `machiya_service` (member of `service_role` only). A transaction sets
//! its role and claims in the same round trip as `BEGIN`, so row level security knows who asks.

pub mod bootstrap;
pub(crate) mod database;
pub mod embedded;
pub(crate) mod error;
pub(crate) mod listen;
pub(crate) mod notifier;
pub(crate) mod tx;

pub use database::{Database, DatabaseAddresses};
pub use error::DatabaseError;
pub use listen::{Event, follow};
pub use tx::Tx;
