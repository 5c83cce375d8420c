//! The only SQL of the queue.

use kernel::{JobId, UserId};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Claimed, JobState, JobView};
use super::session::SessionKey;
use crate::db::error::DatabaseError;

/// The row of a job to be enqueued.
pub(super) struct NewJob<'a> {
    pub id: JobId,
    pub name: &'a str,
    pub payload: &'a Value,
    pub unique_key: Option<&'a str>,
    pub owner_id: Option<UserId>,
    pub priority: i16,
    pub max_attempts: i32,
    pub run_at: OffsetDateTime,
    pub request_id: Uuid,
    pub now: OffsetDateTime,
}

/// Inserts, or finds the open job of the same unique key.
pub(super) async fn insert(tx: &mut PgConnection, job: &NewJob<'_>) -> Result<JobId, DatabaseError> {
    // The open job may end between the two statements. It may not have seen what this transaction is about to commit,
    // so its end is no answer: each statement sees what is committed by then, and the next insert finds the way free.
    loop {
        if try_insert(tx, job).await? {
            return Ok(job.id);
        }
        let open = sqlx::query_scalar!(
            r#"select id as "id: JobId" from public.jobs
               where name = $1 and unique_key = $2 and state in ('queued', 'running')"#,
            job.name,
            job.unique_key,
        )
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(open) = open {
            return Ok(open);
        }
    }
}

async fn try_insert(tx: &mut PgConnection, job: &NewJob<'_>) -> Result<bool, DatabaseError> {
    let inserted = sqlx::query!(
        r#"insert into public.jobs
             (id, name, payload, unique_key, owner_id, priority, max_attempts, run_at, request_id, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
           on conflict (name, unique_key) where state in ('queued', 'running') do nothing"#,
        job.id as JobId,
        job.name,
        job.payload,
        job.unique_key,
        job.owner_id as Option<UserId>,
        job.priority,
        job.max_attempts,
        job.run_at,
        job.request_id,
        job.now,
    )
    .execute(tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Inserts jobs of one kind that have neither key nor owner, in one round trip. `ids` and `payloads` go together.
pub(super) async fn insert_all(
    tx: &mut PgConnection,
    ids: &[Uuid],
    payloads: &[Value],
    alike: &NewJob<'_>,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.jobs
             (id, name, payload, priority, max_attempts, run_at, request_id, created_at, updated_at)
           select id, $3, payload, $4, $5, $6, $7, $8, $8 from unnest($1::uuid[], $2::jsonb[]) as new (id, payload)"#,
        ids,
        payloads,
        alike.name,
        alike.priority,
        alike.max_attempts,
        alike.run_at,
        alike.request_id,
        alike.now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Wakes the workers of every process at commit.
pub(super) async fn wake_workers(tx: &mut PgConnection) -> Result<(), DatabaseError> {
    sqlx::query!("select pg_notify('jobs', '')").execute(tx).await?;
    Ok(())
}

/// Claims up to `limit` due jobs of the known kinds for the worker with the session `session`.
///
/// Goes from one priority that occurs to the next lower one and asks each for what is due, so that the index is entered
/// at the right place: work of tomorrow costs nothing today. The levels come highest first and only as many as needed,
/// since `limit` stops the loop over them.
pub(super) async fn claim(
    tx: &mut PgConnection,
    names: &[String],
    limit: i64,
    session: SessionKey,
    lease_token: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<Claimed>, DatabaseError> {
    sqlx::query_as!(
        Claimed,
        r#"with recursive levels (priority) as (
             (select priority from public.jobs where state = 'queued' order by priority desc limit 1)
             union all
             select (select j.priority from public.jobs j where j.state = 'queued' and j.priority < l.priority
                     order by j.priority desc limit 1)
             from levels l where l.priority is not null
           ), due as materialized (
             select found.id from levels l cross join lateral (
               select id from public.jobs
               where state = 'queued' and priority = l.priority and run_at <= $1 and name = any($2)
               order by run_at, id
               limit $3
               for update skip locked
             ) as found
             limit $3
           )
           update public.jobs j
           set state = 'running', attempts = attempts + 1, lease_token = $4, lease_session = $5,
               progress_stage = 'running', updated_at = $1
           from due where j.id = due.id
           returning j.id as "id: JobId", j.name, j.payload, j.attempts, j.max_attempts, j.lease_token as "lease_token!",
             j.lease_session as "lease_session!", j.request_id"#,
        now,
        names,
        limit,
        lease_token,
        session,
    )
    .fetch_all(tx)
    .await
}

/// The sessions under which jobs are running and whose lock nobody holds; `own` comes first when it is one. Until this
/// transaction ends no worker can take one of these locks again.
pub(super) async fn dead_sessions(tx: &mut PgConnection, own: SessionKey) -> Result<Vec<SessionKey>, DatabaseError> {
    sqlx::query_scalar!(
        r#"with sessions as materialized (
             select lease_session as key from public.jobs where state = 'running' union select $1
           )
           select key as "key!" from sessions where pg_try_advisory_xact_lock_shared(key) order by key <> $1"#,
        own,
    )
    .fetch_all(tx)
    .await
}

/// Running jobs that nobody works at: those under `dead` sessions, and those under the caller's `own` session that are
/// not among what it is `running`.
pub(super) struct Abandoned<'a> {
    pub dead: &'a [SessionKey],
    pub own: SessionKey,
    pub running: &'a [Uuid],
}

/// Queues abandoned jobs again whose attempts are not used up. Notifies their owners.
pub(super) async fn requeue(
    tx: &mut PgConnection,
    abandoned: &Abandoned<'_>,
    now: OffsetDateTime,
) -> Result<u64, DatabaseError> {
    let rows = sqlx::query!(
        r#"with abandoned as materialized (
             select id from public.jobs
             where state = 'running' and attempts < max_attempts
               and (lease_session = any($1) or lease_session = $2 and id <> all($3))
             limit 500 for update skip locked
           ), requeued as (
             update public.jobs j
             set state = 'queued', lease_token = null, lease_session = null, run_at = $4, updated_at = $4,
                 progress_stage = 'waiting', last_error = 'its worker is gone'
             from abandoned where j.id = abandoned.id
             returning j.id, j.owner_id
           )
           select case when owner_id is not null then pg_notify('job_progress', id::text)::text end from requeued"#,
        abandoned.dead,
        abandoned.own,
        abandoned.running,
        now,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.len().try_into().unwrap_or(u64::MAX))
}

/// Claims abandoned jobs on their last attempt, so that they can be marked dead.
pub(super) async fn claim_exhausted(
    tx: &mut PgConnection,
    abandoned: &Abandoned<'_>,
    names: &[String],
    lease_token: Uuid,
) -> Result<Vec<Claimed>, DatabaseError> {
    sqlx::query_as!(
        Claimed,
        r#"with abandoned as materialized (
             select id from public.jobs
             where state = 'running' and attempts >= max_attempts and name = any($4)
               and (lease_session = any($1) or lease_session = $2 and id <> all($3))
             limit 100 for update skip locked
           )
           update public.jobs j set lease_token = $5, lease_session = $2
           from abandoned where j.id = abandoned.id
           returning j.id as "id: JobId", j.name, j.payload, j.attempts, j.max_attempts, j.lease_token as "lease_token!",
             j.lease_session as "lease_session!", j.request_id"#,
        abandoned.dead,
        abandoned.own,
        abandoned.running,
        names,
        lease_token,
    )
    .fetch_all(tx)
    .await
}

/// Whether a job is still running under this lease; not when it was cancelled or another worker has it.
pub(super) async fn is_held(tx: &mut PgConnection, id: JobId, lease_token: Uuid) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.jobs where id = $1 and lease_token = $2) as "is_held!""#,
        id as JobId,
        lease_token,
    )
    .fetch_one(tx)
    .await
}

/// Ends the running attempt; false when its lease is lost. Here as below the owner is notified in the same round trip;
/// jobs without an owner notify no one, because a notification costs (see [`super::announce`]).
pub(super) async fn finish(
    tx: &mut PgConnection,
    id: JobId,
    lease_token: Uuid,
    state: JobState,
    outcome: Option<&Value>,
    last_error: Option<&str>,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"with changed as (
             update public.jobs
             set state = $3, outcome = coalesce($4, outcome), last_error = $5, lease_token = null, lease_session = null,
                 progress_percent = case when $3 = 'succeeded' then 100 else progress_percent end,
                 progress_stage = $3, finished_at = $6, updated_at = $6
             where id = $1 and lease_token = $2
             returning id, owner_id
           )
           select case when owner_id is not null then pg_notify('job_progress', id::text)::text end from changed"#,
        id as JobId,
        lease_token,
        state as JobState,
        outcome,
        last_error,
        now,
    )
    .fetch_all(tx)
    .await?;
    Ok(done.len() == 1)
}

/// Puts the running attempt back for later; false when its lease is lost.
pub(super) async fn retry(
    tx: &mut PgConnection,
    id: JobId,
    lease_token: Uuid,
    run_at: OffsetDateTime,
    last_error: &str,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"with changed as (
             update public.jobs
             set state = 'queued', run_at = $3, last_error = $4, lease_token = null, lease_session = null,
                 progress_stage = 'waiting', updated_at = $5
             where id = $1 and lease_token = $2
             returning id, owner_id
           )
           select case when owner_id is not null then pg_notify('job_progress', id::text)::text end from changed"#,
        id as JobId,
        lease_token,
        run_at,
        last_error,
        now,
    )
    .fetch_all(tx)
    .await?;
    Ok(done.len() == 1)
}

/// Records the progress of the running attempt.
pub(super) async fn progress(
    tx: &mut PgConnection,
    id: JobId,
    lease_token: Uuid,
    percent: i16,
    stage: &str,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"with changed as (
             update public.jobs set progress_percent = $3, progress_stage = $4, updated_at = $5
             where id = $1 and lease_token = $2
             returning id, owner_id
           )
           select case when owner_id is not null then pg_notify('job_progress', id::text)::text end from changed"#,
        id as JobId,
        lease_token,
        percent,
        stage,
        now,
    )
    .fetch_all(tx)
    .await?;
    Ok(done.len() == 1)
}

/// Cancels an open job; false when it had ended.
pub(super) async fn cancel(tx: &mut PgConnection, id: JobId, now: OffsetDateTime) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"with changed as (
             update public.jobs
             set state = 'cancelled', lease_token = null, lease_session = null, progress_stage = 'cancelled',
                 finished_at = $2, updated_at = $2
             where id = $1 and state in ('queued', 'running')
             returning id, owner_id
           )
           select case when owner_id is not null then pg_notify('job_progress', id::text)::text end from changed"#,
        id as JobId,
        now,
    )
    .fetch_all(tx)
    .await?;
    Ok(done.len() == 1)
}

/// A job that the transaction's actor may see: its own.
///
/// # Errors
/// When the database does not answer.
pub async fn visible_job(tx: &mut PgConnection, id: JobId) -> Result<Option<JobView>, DatabaseError> {
    sqlx::query_as!(
        JobView,
        r#"select id as "id: JobId", name, state as "state: JobState", progress_percent, progress_stage, outcome, updated_at
           from public.jobs where id = $1"#,
        id as JobId,
    )
    .fetch_optional(tx)
    .await
}

/// Those of `ids` whose job is still queued or running.
///
/// # Errors
/// When the database does not answer.
pub async fn unfinished(tx: &mut PgConnection, ids: &[JobId]) -> Result<Vec<JobId>, DatabaseError> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"select id as "id: JobId" from public.jobs where id = any($1) and state in ('queued', 'running')"#,
        &ids,
    )
    .fetch_all(tx)
    .await
}

/// The size of the queue, as `/metrics` shows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Backlog {
    /// Queued jobs whose time has come.
    pub due: i64,
    /// Running jobs.
    pub running: i64,
    /// Out of attempts; kept for the operator.
    pub dead: i64,
    /// How long the oldest due job has waited, in seconds.
    pub oldest_due_seconds: i64,
}

/// Counts the queue.
///
/// # Errors
/// When the database does not answer.
pub async fn backlog(tx: &mut PgConnection, now: OffsetDateTime) -> Result<Backlog, DatabaseError> {
    sqlx::query_as!(
        Backlog,
        r#"select due.jobs as "due!", due.oldest_s as "oldest_due_seconds!",
                  (select count(*) from public.jobs where state = 'running') as "running!",
                  (select count(*) from public.jobs where state = 'dead') as "dead!"
           from (select count(*) as jobs, coalesce(extract(epoch from $1::timestamptz - min(run_at)), 0)::bigint as oldest_s
                   from public.jobs where state = 'queued' and run_at <= $1) as due"#,
        now,
    )
    .fetch_one(tx)
    .await
}

/// Deletes ended jobs from before `before`, a batch at a time; dead ones stay for the operator.
pub(super) async fn sweep_finished(tx: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"delete from public.jobs where id in (
             select id from public.jobs
             where finished_at < $1 and state in ('succeeded', 'failed', 'cancelled') limit 5000)"#,
        before,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
