//! The only SQL of guesses and known devices.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;
use time::{Duration, OffsetDateTime};

use super::throttle::{FORGOTTEN_AFTER, FREE_GUESSES, LONGEST_WAIT};

fn interval(duration: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(duration.whole_microseconds()).unwrap_or(0) }
}

/// Counts a guess when one may be made now; else says when the next may. One statement, so that of guesses made at once
/// only those pass that would pass one after the other.
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
        now - FORGOTTEN_AFTER,
        FREE_GUESSES,
        interval(LONGEST_WAIT),
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

pub(super) async fn forgive(tx: &mut PgConnection, subject: &str, key_hash: &[u8]) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.login_throttles where subject = $1 and key_hash = $2", subject, key_hash)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes a browser from which somebody has logged in.
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

/// Whether this browser is known there; notes that it came back.
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

/// Whether anybody has logged in from this browser: a secret of a stranger's choice is none.
pub(super) async fn is_device(tx: &mut PgConnection, token_hash: &[u8]) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.known_devices where token_hash = $1) as "is_known!""#,
        token_hash,
    )
    .fetch_one(tx)
    .await
}

/// Forgets the browsers of an account.
pub(crate) async fn forget_devices(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.known_devices where user_id = $1", user_id as UserId).execute(tx).await?;
    Ok(())
}

pub(super) async fn sweep(
    tx: &mut PgConnection,
    guesses_before: OffsetDateTime,
    devices_before: OffsetDateTime,
) -> Result<u64, DatabaseError> {
    let guesses = sqlx::query!("delete from public.login_throttles where updated_at < $1", guesses_before)
        .execute(&mut *tx)
        .await?;
    let devices =
        sqlx::query!("delete from public.known_devices where last_used_at < $1", devices_before).execute(tx).await?;
    Ok(guesses.rows_affected() + devices.rows_affected())
}
