//! The SQL of `login_throttles` and `known_devices`.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;
use time::{Duration, OffsetDateTime};

use super::model::{FREE_ATTEMPTS, RESET_AFTER, WAIT_MAX};

fn interval(duration: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(duration.whole_microseconds()).unwrap_or(0) }
}

/// Counts an attempt when one is allowed now, otherwise returns when the next is. One statement, so that of concurrent
/// attempts only those pass that would pass one after the other.
pub(super) async fn count(
    tx: &mut PgConnection,
    subject: &str,
    key_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, DatabaseError> {
    let counted = sqlx::query_scalar!(
        r#"insert into public.login_throttles as t (subject, key_hash, attempts, next_attempt_at, updated_at)
           values ($1, $2, 1, $3, $3)
           on conflict (subject, key_hash) do update set
             attempts = case when t.updated_at < $4 then 1 else least(t.attempts + 1, 1000) end,
             next_attempt_at = $3 + case
               when t.updated_at < $4 or t.attempts + 1 < $5 then interval '0 seconds'
               else least($6::interval, interval '2 seconds' * power(2, least(t.attempts + 1 - $5, 20))) end,
             updated_at = $3
           where t.next_attempt_at <= $3
           returning attempts"#,
        subject,
        key_hash,
        now,
        now - RESET_AFTER,
        FREE_ATTEMPTS,
        interval(WAIT_MAX),
    )
    .fetch_optional(&mut *tx)
    .await?;
    if counted.is_some() {
        return Ok(None);
    }
    sqlx::query_scalar!(
        "select next_attempt_at from public.login_throttles where subject = $1 and key_hash = $2",
        subject,
        key_hash,
    )
    .fetch_optional(tx)
    .await
}

/// Deletes the count.
pub(super) async fn reset(tx: &mut PgConnection, subject: &str, key_hash: &[u8]) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.login_throttles where subject = $1 and key_hash = $2", subject, key_hash)
        .execute(tx)
        .await?;
    Ok(())
}

/// Records a browser from which the account has logged in.
pub(super) async fn insert_device(
    tx: &mut PgConnection,
    id: uuid::Uuid,
    user_id: UserId,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.known_devices (id, user_id, token_hash, created_at, last_used_at) values ($1, $2, $3, $4, $4)
           on conflict (user_id, token_hash) do update set last_used_at = excluded.last_used_at"#,
        id,
        user_id as UserId,
        token_hash,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether the account has logged in from this browser; records the visit.
pub(super) async fn touch_device(
    tx: &mut PgConnection,
    user_id: UserId,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.known_devices set last_used_at = $3 where user_id = $1 and token_hash = $2",
        user_id as UserId,
        token_hash,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether any account has logged in from this browser. A secret that a caller made up is not known.
pub(super) async fn is_device(tx: &mut PgConnection, token_hash: &[u8]) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.known_devices where token_hash = $1) as "is_known!""#,
        token_hash,
    )
    .fetch_one(tx)
    .await
}

/// Deletes the known browsers of an account.
pub(crate) async fn forget_devices(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.known_devices where user_id = $1", user_id as UserId).execute(tx).await?;
    Ok(())
}

/// Deletes counts and browsers older than these moments; returns how many.
pub(super) async fn sweep(
    tx: &mut PgConnection,
    attempts_before: OffsetDateTime,
    devices_before: OffsetDateTime,
) -> Result<u64, DatabaseError> {
    let attempts = sqlx::query!("delete from public.login_throttles where updated_at < $1", attempts_before)
        .execute(&mut *tx)
        .await?;
    let devices =
        sqlx::query!("delete from public.known_devices where last_used_at < $1", devices_before).execute(tx).await?;
    Ok(attempts.rows_affected() + devices.rows_affected())
}
