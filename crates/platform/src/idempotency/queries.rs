//! The only SQL of repeated requests.

use kernel::UserId;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{Reservation, horizons};
use crate::db::error::DatabaseError;

/// What is known of a key.
pub(crate) struct Seen {
    pub request_hash: Vec<u8>,
    pub status: Option<i16>,
    pub body: Option<Value>,
    /// No answer will come, and something was done.
    pub is_in_doubt: bool,
}

/// Reserves the key; also when its last use is forgotten, or was abandoned before it had any effect.
pub(crate) async fn reserve(
    tx: &mut PgConnection,
    reservation: &Reservation,
    request_hash: &[u8],
) -> Result<bool, DatabaseError> {
    let (remembered_since, alive_since) = horizons(reservation.reserved_at);
    // An effect whose commit is under way holds the row's lock; this waits for it and then looks again.
    let done = sqlx::query!(
        r#"insert into public.idempotency_keys as k (owner_id, scope, key, request_hash, created_at)
           values ($1, $2, $3, $4, $5)
           on conflict (owner_id, scope, key) do update
             set request_hash = excluded.request_hash, status = null, body = null, effect = 'none',
                 created_at = excluded.created_at
             where k.created_at < $6 or (k.status is null and k.effect = 'none' and k.created_at < $7)"#,
        reservation.owner_id as UserId,
        reservation.scope,
        reservation.key,
        request_hash,
        reservation.reserved_at,
        remembered_since,
        alive_since,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What became of the request that reserved the key before `reservation` asked for it.
pub(crate) async fn find(tx: &mut PgConnection, reservation: &Reservation) -> Result<Option<Seen>, DatabaseError> {
    let (_, alive_since) = horizons(reservation.reserved_at);
    sqlx::query_as!(
        Seen,
        r#"select request_hash, status, body,
                  status is null and (effect = 'in_doubt' or effect = 'made' and created_at < $4) as "is_in_doubt!"
           from public.idempotency_keys
           where owner_id = $1 and scope = $2 and key = $3"#,
        reservation.owner_id as UserId,
        reservation.scope,
        reservation.key,
        alive_since,
    )
    .fetch_optional(tx)
    .await
}

/// How a transaction stands to the key of its request.
pub(crate) struct Held {
    /// The transaction has written something.
    pub has_written: bool,
    /// The key is still this request's, and now says so together with the effect.
    pub is_held: bool,
}

/// Marks the key in the transaction of the effect, if that has written anything.
pub(crate) async fn mark_effect(tx: &mut PgConnection, reservation: &Reservation) -> Result<Held, DatabaseError> {
    // A transaction gets its number with its first write; it is looked at before this statement writes.
    sqlx::query_as!(
        Held,
        r#"with written as materialized (
             select pg_current_xact_id_if_assigned() is not null as anything
           ), mark as (
             update public.idempotency_keys set effect = 'made'
             where owner_id = $1 and scope = $2 and key = $3 and created_at = $4 and status is null
               and (select anything from written)
             returning 1
           )
           select (select anything from written) as "has_written!", exists (select from mark) as "is_held!""#,
        reservation.owner_id as UserId,
        reservation.scope,
        reservation.key,
        reservation.reserved_at,
    )
    .fetch_one(tx)
    .await
}

/// Keeps the answer, while the key is still this request's.
pub(crate) async fn store(
    tx: &mut PgConnection,
    reservation: &Reservation,
    status: i16,
    body: &Value,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.idempotency_keys set status = $5, body = $6
           where owner_id = $1 and scope = $2 and key = $3 and created_at = $4 and status is null"#,
        reservation.owner_id as UserId,
        reservation.scope,
        reservation.key,
        reservation.reserved_at,
        status,
        body,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Frees the key when nothing was done, else leaves it in doubt.
pub(crate) async fn release(tx: &mut PgConnection, reservation: &Reservation) -> Result<(), DatabaseError> {
    // A commit whose answer was lost may still be under way; the first statement waits for it.
    let freed = sqlx::query!(
        r#"delete from public.idempotency_keys
           where owner_id = $1 and scope = $2 and key = $3 and created_at = $4 and status is null and effect = 'none'"#,
        reservation.owner_id as UserId,
        reservation.scope,
        reservation.key,
        reservation.reserved_at,
    )
    .execute(&mut *tx)
    .await?;
    if freed.rows_affected() == 0 {
        sqlx::query!(
            r#"update public.idempotency_keys set effect = 'in_doubt'
               where owner_id = $1 and scope = $2 and key = $3 and created_at = $4 and status is null"#,
            reservation.owner_id as UserId,
            reservation.scope,
            reservation.key,
            reservation.reserved_at,
        )
        .execute(tx)
        .await?;
    }
    Ok(())
}

/// Deletes answers that are no longer kept, a batch at a time.
pub(crate) async fn sweep(tx: &mut PgConnection, now: OffsetDateTime) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"delete from public.idempotency_keys where (owner_id, scope, key) in (
             select owner_id, scope, key from public.idempotency_keys where created_at < $1
             order by created_at limit 5000)"#,
        horizons(now).0,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes the stored answers of an account; part of its erasure.
///
/// # Errors
/// When the database fails.
pub async fn forget_answers(tx: &mut PgConnection, owner_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.idempotency_keys where owner_id = $1", owner_id as UserId).execute(tx).await?;
    Ok(())
}
