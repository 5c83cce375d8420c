//! Enqueue and cancel, inside the caller's transaction.

use kernel::{Ctx, JobId, UserId};
use time::OffsetDateTime;

use super::model::Job;
use super::queries::{self, NewJob};
use crate::db::error::DatabaseError;
use crate::db::tx::Tx;

/// How a job is enqueued, beyond its payload.
#[derive(Clone, Debug, Default)]
pub struct Enqueue {
    /// While a job of the same kind and key is open, no second one is made.
    pub unique_key: Option<String>,
    /// Who may watch it.
    pub owner_id: Option<UserId>,
    /// Not before this moment; at once when there is none.
    pub run_at: Option<OffsetDateTime>,
}

/// Enqueues `job` to run at once, in the transaction `tx` of the platform.
///
/// # Errors
/// When the database does not answer, or the payload cannot be written as JSON.
pub async fn enqueue<J: Job>(ctx: &Ctx, tx: &mut Tx, job: &J) -> Result<JobId, DatabaseError> {
    enqueue_with(ctx, tx, job, Enqueue::default()).await
}

/// As [`enqueue`], with a unique key, an owner or a later moment. Returns the open job when there is one of that key.
///
/// # Errors
/// When the database does not answer, or the payload cannot be written as JSON.
pub async fn enqueue_with<J: Job>(ctx: &Ctx, tx: &mut Tx, job: &J, how: Enqueue) -> Result<JobId, DatabaseError> {
    let payload = serde_json::to_value(job).map_err(|error| DatabaseError::Encode(Box::new(error)))?;
    let now = ctx.now();
    let new = NewJob {
        id: ctx.new_id(),
        name: J::NAME,
        payload: &payload,
        unique_key: how.unique_key.as_deref(),
        owner_id: how.owner_id,
        priority: J::PRIORITY,
        max_attempts: J::MAX_ATTEMPTS,
        run_at: how.run_at.unwrap_or(now),
        request_id: ctx.request_id.0,
        now,
    };
    tx.wake_workers_after_commit();
    queries::insert(tx, &new).await
}

/// Enqueues jobs of one kind to run at once, in one round trip.
///
/// # Errors
/// As [`enqueue`].
pub async fn enqueue_all<J: Job>(ctx: &Ctx, tx: &mut Tx, jobs: &[J]) -> Result<(), DatabaseError> {
    let payloads: Result<Vec<_>, _> = jobs.iter().map(serde_json::to_value).collect();
    let payloads = payloads.map_err(|error| DatabaseError::Encode(Box::new(error)))?;
    let ids: Vec<_> = jobs.iter().map(|_| ctx.new_id::<JobId>().uuid()).collect();
    let now = ctx.now();
    let alike = NewJob {
        id: ctx.new_id(),
        name: J::NAME,
        payload: &serde_json::Value::Null,
        unique_key: None,
        owner_id: None,
        priority: J::PRIORITY,
        max_attempts: J::MAX_ATTEMPTS,
        run_at: now,
        request_id: ctx.request_id.0,
        now,
    };
    tx.wake_workers_after_commit();
    queries::insert_all(tx, &ids, &payloads, &alike).await
}

/// Cancels an open job in the transaction `tx` of the platform; false when it had ended. A running attempt learns of it
/// when it wants to finish.
///
/// # Errors
/// When the database does not answer.
pub async fn cancel(ctx: &Ctx, tx: &mut Tx, id: JobId) -> Result<bool, DatabaseError> {
    queries::cancel(tx, id, ctx.now()).await
}
