//! The SQL of `totp_secrets`.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Wrong codes in a row after which no code of the app is accepted any more (the limit of NIST 800-63B-4 §3.2.2): a chance of
/// 3 in 10,000 to guess one.
const FAILURES_MAX: i32 = 100;

/// Stores an unconfirmed secret; `false` when there is a confirmed one.
pub(super) async fn put_pending(
    tx: &mut PgConnection,
    user_id: UserId,
    sealed: &[u8],
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.totp_secrets as t (user_id, sealed_secret, created_at) values ($1, $2, $3)
           on conflict (user_id) do update
             set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at, last_step = 0, failures = 0
             where t.confirmed_at is null"#,
        user_id as UserId,
        sealed,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The unconfirmed secret that was drawn after `since`.
pub(super) async fn pending(
    tx: &mut PgConnection,
    user_id: UserId,
    since: OffsetDateTime,
) -> Result<Option<Vec<u8>>, DatabaseError> {
    sqlx::query_scalar!(
        "select sealed_secret from public.totp_secrets where user_id = $1 and confirmed_at is null and created_at > $2",
        user_id as UserId,
        since,
    )
    .fetch_optional(tx)
    .await
}

/// Confirms the secret; `false` when it was replaced meanwhile.
pub(super) async fn confirm(
    tx: &mut PgConnection,
    user_id: UserId,
    sealed: &[u8],
    step: i64,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.totp_secrets set confirmed_at = $4, last_step = $3
           where user_id = $1 and sealed_secret = $2 and confirmed_at is null"#,
        user_id as UserId,
        sealed,
        step,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts an attempt before it is checked; `None` without an app or after too many wrong codes.
pub(super) async fn count_attempt(tx: &mut PgConnection, user_id: UserId) -> Result<Option<Vec<u8>>, DatabaseError> {
    sqlx::query_scalar!(
        r#"update public.totp_secrets set failures = failures + 1
           where user_id = $1 and confirmed_at is not null and failures < $2
           returning sealed_secret"#,
        user_id as UserId,
        FAILURES_MAX,
    )
    .fetch_optional(tx)
    .await
}

/// Accepts a code of `step`; `false` when one of this step or a later one was accepted before.
pub(super) async fn accept(tx: &mut PgConnection, user_id: UserId, step: i64) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.totp_secrets set last_step = $2, failures = 0
           where user_id = $1 and confirmed_at is not null and last_step < $2"#,
        user_id as UserId,
        step,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Resets the count of wrong codes.
pub(super) async fn clear_failures(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("update public.totp_secrets set failures = 0 where user_id = $1 and failures > 0", user_id as UserId)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes a confirmed secret; `false` when there is none.
pub(super) async fn delete(tx: &mut PgConnection, user_id: UserId) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "delete from public.totp_secrets where user_id = $1 and confirmed_at is not null",
        user_id as UserId
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Every secret, locked until the transaction ends.
pub(super) async fn all_for_update(tx: &mut PgConnection) -> Result<Vec<(UserId, Vec<u8>)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select user_id as "user_id: UserId", sealed_secret from public.totp_secrets order by user_id for update"#
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.sealed_secret)).collect())
}

/// Replaces the encrypted form of a secret.
pub(super) async fn replace(tx: &mut PgConnection, user_id: UserId, sealed: &[u8]) -> Result<(), DatabaseError> {
    sqlx::query!("update public.totp_secrets set sealed_secret = $2 where user_id = $1", user_id as UserId, sealed)
        .execute(tx)
        .await?;
    Ok(())
}
