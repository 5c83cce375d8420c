//! The platform: what every domain stands on and none should have to think about.
//!
//! Configuration, the database and who may use it, queued work, stored files, the mail outbox, the HTTP kit, languages,
//! the audit log, rate limits, telemetry and an orderly end.
//!
//! What always holds: no connection without an actor ([`db::Database::begin_as`], [`db::Database::begin_system`]); no
//! task that shutdown does not wait for ([`tasks::Tasks`]); no error text without a language ([`i18n::Languages`]).
//!
//! Absent on purpose: anything that knows a person, a picture or a price.

mod app;
pub mod audit;
pub mod config;
pub mod db;
pub mod http;
pub mod i18n;
mod idempotency;
pub mod jobs;
pub mod mail;
pub mod rate_limits;
pub mod storage;
pub mod tasks;
pub mod telemetry;
pub mod text;

pub use app::{App, AppParts, provider_client};
pub use db::{Database, DatabaseError, Tx};
pub use http::{FieldProblem, Problem};
