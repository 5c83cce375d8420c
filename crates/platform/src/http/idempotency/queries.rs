//! The only SQL of repeated requests.

use kernel::UserId;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::horizons;
use crate::DatabaseFault;

pub(super) struct Seen {
    pub request_hash: Vec<u8>,
    pub status: Option<i16>,
    pub body: Option<Value>,
}

/// Reserves the key; also when its last use is forgotten or was abandoned.
pub(super) async fn reserve(
    tx: &mut PgConnection,
    owner_id: UserId,
    scope: &str,
    key: &str,
    request_hash: &[u8],
    now: OffsetDateTime,
) -> Result<bool, DatabaseFault> {
    let (remembered_since, alive_since) = horizons(now);
    let done = sqlx::query!(
        r#"insert into public.idempotency_keys as k (owner_id, scope, key, request_hash, created_at)
           values ($1, $2, $3, $4, $5)
           on conflict (owner_id, scope, key) do update
             set request_hash = excluded.request_hash, status = null, body = null, created_at = excluded.created_at
             where k.created_at < $6 or (k.status is null and k.created_at < $7)"#,
        owner_id as UserId,
        scope,
        key,
        request_hash,
        now,
        remembered_since,
        alive_since,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn find(
    tx: &mut PgConnection,
    owner_id: UserId,
    scope: &str,
    key: &str,
) -> Result<Option<Seen>, DatabaseFault> {
    sqlx::query_as!(
        Seen,
        r#"select request_hash, status, body from public.idempotency_keys
           where owner_id = $1 and scope = $2 and key = $3"#,
        owner_id as UserId,
        scope,
        key,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn store(
    tx: &mut PgConnection,
    owner_id: UserId,
    scope: &str,
    key: &str,
    status: i16,
    body: &Value,
) -> Result<(), DatabaseFault> {
    sqlx::query!(
        r#"update public.idempotency_keys set status = $4, body = $5
           where owner_id = $1 and scope = $2 and key = $3 and status is null"#,
        owner_id as UserId,
        scope,
        key,
        status,
        body,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn forget(
    tx: &mut PgConnection,
    owner_id: UserId,
    scope: &str,
    key: &str,
) -> Result<(), DatabaseFault> {
    sqlx::query!(
        "delete from public.idempotency_keys where owner_id = $1 and scope = $2 and key = $3 and status is null",
        owner_id as UserId,
        scope,
        key,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn sweep(tx: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DatabaseFault> {
    let done = sqlx::query!(
        r#"delete from public.idempotency_keys where (owner_id, scope, key) in (
             select owner_id, scope, key from public.idempotency_keys where created_at < $1
             order by created_at limit 5000)"#,
        before,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
