//! The SQL of `email_changes`.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{EmailChangeId, PendingChange};

pub(super) async fn insert(
    tx: &mut PgConnection,
    id: EmailChangeId,
    user_id: UserId,
    new_email: &str,
    now: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.email_changes (id, user_id, new_email, requested_at, expires_at)
           values ($1, $2, $3, $4, $5)"#,
        id as EmailChangeId,
        user_id as UserId,
        new_email,
        now,
        expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The pending change of an account, locked until the transaction ends.
pub(super) async fn pending_locked(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<Option<PendingChange>, DatabaseError> {
    sqlx::query_as!(
        PendingChange,
        r#"select id as "id: EmailChangeId", user_id as "user_id: UserId", new_email, old_confirmed_at, new_confirmed_at
           from public.email_changes where user_id = $1 and ended_at is null and expires_at > $2 for update"#,
        user_id as UserId,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// The new address of the pending change.
pub(crate) async fn pending_email(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!(
        "select new_email from public.email_changes where user_id = $1 and ended_at is null and expires_at > $2",
        user_id as UserId,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Records that the link to the new or the present address was used.
pub(super) async fn record_confirmed(
    tx: &mut PgConnection,
    id: EmailChangeId,
    is_new: bool,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.email_changes
           set old_confirmed_at = case when $2 then old_confirmed_at else $3 end,
               new_confirmed_at = case when $2 then $3 else new_confirmed_at end
           where id = $1"#,
        id as EmailChangeId,
        is_new,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the pending change and deletes its new address.
pub(super) async fn end(tx: &mut PgConnection, user_id: UserId, now: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.email_changes set ended_at = $2, new_email = '' where user_id = $1 and ended_at is null",
        user_id as UserId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}
