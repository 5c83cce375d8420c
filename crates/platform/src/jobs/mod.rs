//! Queued work in the database.
//!
//! A job is enqueued in the transaction that wants it, claimed with `FOR UPDATE SKIP LOCKED`, counted at the claim, and
//! finished only with the lease token of the running attempt: a worker that was frozen and woke up too late finds its
//! token gone and its transaction undone ([`JobRun::finish`]). A claim belongs to the session of its worker ([`session`]):
//! when the process is gone its jobs are queued again within two seconds, when it is frozen or cut off after ten; a slow
//! one keeps them. See reference/security.md, "Jobs, on PostgreSQL", and docs/adr/20261121-leases-belong-to-sessions.md.
//!
//! What always holds: a job that was enqueued ends as `succeeded`, `failed` (it gave up), `dead` (its attempts ran out)
//! or `cancelled`; its effect happens at most once when the handler calls [`JobRun::finish`] in the effect's own
//! transaction.

mod announce;
mod claims;
pub(crate) mod enqueue;
pub(crate) mod model;
pub(crate) mod progress;
pub(crate) mod queries;
pub(crate) mod registry;
pub(crate) mod run;
mod runner;
mod schedule;
mod session;
mod worker;

pub use announce::follow_changes;
pub use enqueue::{Enqueue, cancel, enqueue, enqueue_all, enqueue_with};
pub use model::{Job, JobError, JobState, JobView};
pub use progress::ProgressFeed;
pub use queries::{Backlog, backlog, unfinished, visible_job};
pub use registry::{Registry, Schedule};
pub use run::JobRun;
pub use session::SessionTiming;
pub use worker::{Drained, Worker};
