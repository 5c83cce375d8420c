//! The SQL of `account_deletions` and of the erasure.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Records the request; `false` when there is one already.
pub(super) async fn insert(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
    due_at: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.account_deletions as d (user_id, requested_at, due_at) values ($1, $2, $3)
           on conflict (user_id) do update
             set requested_at = excluded.requested_at, due_at = excluded.due_at, cancelled_at = null
             where d.cancelled_at is not null"#,
        user_id as UserId,
        now,
        due_at,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Cancels the request; `false` when there is none.
pub(super) async fn cancel(tx: &mut PgConnection, user_id: UserId, now: OffsetDateTime) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.account_deletions set cancelled_at = $2
           where user_id = $1 and cancelled_at is null and erased_at is null"#,
        user_id as UserId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// When the account will be erased. In a transaction of the account or of the platform.
pub(crate) async fn due_at(tx: &mut PgConnection, user_id: UserId) -> Result<Option<OffsetDateTime>, DatabaseError> {
    sqlx::query_scalar!(
        "select due_at from public.account_deletions where user_id = $1 and cancelled_at is null and erased_at is null",
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// An account whose grace period is over, locked until the transaction ends.
pub(super) async fn next_due(tx: &mut PgConnection, now: OffsetDateTime) -> Result<Option<UserId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select user_id as "user_id: UserId" from public.account_deletions
           where due_at <= $1 and cancelled_at is null and erased_at is null
           order by due_at limit 1 for update skip locked"#,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Deletes the personal data and the login methods of an account and records the erasure.
pub(super) async fn erase(
    tx: &mut PgConnection,
    user_id: UserId,
    display_name: &str,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    let id = user_id;
    sqlx::query!("delete from public.user_passwords where user_id = $1", id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.sessions where user_id = $1", id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.api_tokens where user_id = $1", id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.one_time_links where user_id = $1", id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.email_changes where user_id = $1", id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.known_devices where user_id = $1", id as UserId).execute(&mut *tx).await?;
    sqlx::query!(
        r#"update public.user_profiles
           set display_name = $2, bio = null, avatar_url = null, contact = '{}', updated_at = $3 where user_id = $1"#,
        id as UserId,
        display_name,
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("select app.erase_user($1, $2)", id as UserId, now).execute(&mut *tx).await?;
    sqlx::query!("update public.account_deletions set erased_at = $2 where user_id = $1", id as UserId, now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The accounts that were erased after `since`; the last mail to them may still be in the outbox.
pub(super) async fn erased_since(tx: &mut PgConnection, since: OffsetDateTime) -> Result<Vec<UserId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select user_id as "user_id: UserId" from public.account_deletions where erased_at > $1 order by erased_at"#,
        since,
    )
    .fetch_all(tx)
    .await
}
