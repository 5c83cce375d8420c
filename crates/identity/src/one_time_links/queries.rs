//! The SQL of `one_time_links`.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{LinkPurpose, OneTimeLinkId};

pub(super) struct NewLink<'a> {
    pub id: OneTimeLinkId,
    pub user_id: UserId,
    pub purpose: LinkPurpose,
    /// The address; `None` for the account's present one.
    pub email: Option<&'a str>,
    pub secret_hash: &'a [u8],
    pub now: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

/// Inserts a link; `false` when there is no such account.
pub(super) async fn insert(tx: &mut PgConnection, link: &NewLink<'_>) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.one_time_links (id, user_id, purpose, email, secret_hash, created_at, expires_at)
           select $1, p.user_id, $3, coalesce($4, app.user_email(p.user_id)), $5, $6, $7
           from public.user_profiles p where p.user_id = $2"#,
        link.id as OneTimeLinkId,
        link.user_id as UserId,
        link.purpose as LinkPurpose,
        link.email,
        link.secret_hash,
        link.now,
        link.expires_at,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A link with its state.
pub(super) struct Found {
    pub user_id: UserId,
    pub email: String,
    pub is_present_address: bool,
    pub expires_at: OffsetDateTime,
    pub consumed_at: Option<OffsetDateTime>,
    pub revoked_at: Option<OffsetDateTime>,
}

/// The link with this secret, locked until the transaction ends, so that concurrent calls use it once.
pub(super) async fn find_locked(
    tx: &mut PgConnection,
    id: OneTimeLinkId,
    secret_hash: &[u8],
    purpose: LinkPurpose,
) -> Result<Option<Found>, DatabaseError> {
    sqlx::query_as!(
        Found,
        r#"select user_id as "user_id: UserId", email,
                  coalesce(email = app.user_email(user_id), false) as "is_present_address!", expires_at, consumed_at,
                  revoked_at
           from public.one_time_links where id = $1 and secret_hash = $2 and purpose = $3 for update"#,
        id as OneTimeLinkId,
        secret_hash,
        purpose as LinkPurpose,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn mark_consumed(
    tx: &mut PgConnection,
    id: OneTimeLinkId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!("update public.one_time_links set consumed_at = $2 where id = $1", id as OneTimeLinkId, now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Revokes the unused links of these purposes.
pub(super) async fn revoke(
    tx: &mut PgConnection,
    user_id: UserId,
    purposes: &[String],
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.one_time_links set revoked_at = $3
           where user_id = $1 and purpose = any($2) and consumed_at is null and revoked_at is null"#,
        user_id as UserId,
        purposes,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Links that no longer work and are still in a stored mail, locked until the transaction ends.
pub(super) async fn ended(
    tx: &mut PgConnection,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<(OneTimeLinkId, UserId)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select id as "id: OneTimeLinkId", user_id as "user_id: UserId" from public.one_time_links
           where cleared_at is null and (expires_at <= $1 or consumed_at is not null or revoked_at is not null)
           order by expires_at limit $2 for update skip locked"#,
        now,
        limit,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.user_id)).collect())
}

pub(super) async fn mark_cleared(
    tx: &mut PgConnection,
    id: OneTimeLinkId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!("update public.one_time_links set cleared_at = $2 where id = $1", id as OneTimeLinkId, now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes up to 5,000 cleared links that expired before `before`; returns how many.
pub(super) async fn sweep(tx: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"delete from public.one_time_links where id in (
             select id from public.one_time_links where cleared_at is not null and expires_at < $1 limit 5000)"#,
        before,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
