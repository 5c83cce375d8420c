//! The SQL of uploads.

use kernel::{PageRequest, UserId};
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{Upload, UploadId, UploadKind};

/// An upload of the account that can be used; nothing for those of others and those that are being deleted.
///
/// # Errors
/// When the database does not answer.
pub async fn find(tx: &mut PgConnection, user_id: UserId, id: UploadId) -> Result<Option<Upload>, DatabaseError> {
    sqlx::query_as!(
        Upload,
        r#"select id as "id: UploadId", user_id as "user_id: UserId", kind as "kind: UploadKind", file_name,
                  storage_key as "storage_key: StorageKey", mime_type, size_bytes, width, height, sha256, source_format,
                  digital_source_type, expires_at, created_at
           from public.uploads where id = $1 and user_id = $2 and state = 'ready'"#,
        id as UploadId,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// As [`find`], and until the transaction ends nobody deletes it: what uses it can be recorded.
///
/// # Errors
/// When the database does not answer.
pub async fn lock(tx: &mut PgConnection, user_id: UserId, id: UploadId) -> Result<Option<Upload>, DatabaseError> {
    let locked = sqlx::query_scalar!(
        r#"select 1 as "found!" from public.uploads where id = $1 and user_id = $2 and state = 'ready' for key share"#,
        id as UploadId,
        user_id as UserId,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if locked.is_some() { find(tx, user_id, id).await } else { Ok(None) }
}

/// The uploads of an account, newest first.
pub(crate) async fn page(
    tx: &mut PgConnection,
    user_id: UserId,
    kind: Option<UploadKind>,
    page: &PageRequest,
) -> Result<Vec<Upload>, DatabaseError> {
    sqlx::query_as!(
        Upload,
        r#"select id as "id: UploadId", user_id as "user_id: UserId", kind as "kind: UploadKind", file_name,
                  storage_key as "storage_key: StorageKey", mime_type, size_bytes, width, height, sha256, source_format,
                  digital_source_type, expires_at, created_at
           from public.uploads
           where user_id = $1 and state = 'ready' and ($2::text is null or kind = $2)
             and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid))
           order by created_at desc, id desc limit $5"#,
        user_id as UserId,
        kind.map(UploadKind::as_str),
        page.after.map(|cursor| cursor.at),
        page.after.map(|cursor| cursor.id),
        page.fetch_limit(),
    )
    .fetch_all(tx)
    .await
}

/// How much an account keeps: the number of its uploads, and their bytes together.
pub(crate) struct Kept {
    pub(crate) uploads: i64,
    pub(crate) bytes: i64,
}

/// Holds the space of an account against other uploads until the transaction ends, and says how much of it is taken.
/// What is being deleted counts until it is gone.
pub(crate) async fn lock_space(tx: &mut PgConnection, user_id: UserId) -> Result<Kept, DatabaseError> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('uploads ' || $1::uuid::text, 0))", user_id as UserId)
        .execute(&mut *tx)
        .await?;
    sqlx::query_as!(
        Kept,
        r#"select count(*) as "uploads!", coalesce(sum(size_bytes), 0)::bigint as "bytes!"
           from public.uploads where user_id = $1"#,
        user_id as UserId,
    )
    .fetch_one(tx)
    .await
}

/// Inserts an upload whose file is about to be stored, to be kept for `kept_days` while nothing uses it.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    upload: &Upload,
    kept_days: Option<i32>,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.uploads
             (id, user_id, kind, file_name, storage_key, mime_type, size_bytes, width, height, sha256, source_format,
              digital_source_type, kept_days, expires_at, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)"#,
        upload.id as UploadId,
        upload.user_id as UserId,
        upload.kind as UploadKind,
        upload.file_name,
        upload.storage_key.as_str(),
        upload.mime_type,
        upload.size_bytes,
        upload.width,
        upload.height,
        upload.sha256,
        upload.source_format,
        upload.digital_source_type,
        kept_days,
        upload.expires_at,
        upload.created_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The file of an upload is stored. False when the upload was given up in the meantime.
pub(crate) async fn set_ready(tx: &mut PgConnection, id: UploadId, now: OffsetDateTime) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.uploads set state = 'ready', updated_at = $2 where id = $1 and state = 'storing'",
        id as UploadId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks an upload of the account against everything, [`lock`] too.
pub(crate) async fn lock_to_delete(
    tx: &mut PgConnection,
    user_id: UserId,
    id: UploadId,
) -> Result<bool, DatabaseError> {
    let locked = sqlx::query_scalar!(
        r#"select 1 as "found!" from public.uploads where id = $1 and user_id = $2 and state = 'ready' for update"#,
        id as UploadId,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await?;
    Ok(locked.is_some())
}

/// From now on an upload cannot be found; its file and row are removed by a job.
pub(crate) async fn set_deleting(
    tx: &mut PgConnection,
    id: UploadId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!("update public.uploads set state = 'deleting', updated_at = $2 where id = $1", id as UploadId, now)
        .execute(tx)
        .await?;
    Ok(())
}

/// All uploads of an account are deleted, used or not, and their uses forgotten.
pub(crate) async fn set_all_deleting(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<u64, DatabaseError> {
    sqlx::query!("delete from public.asset_uses where owner_id = $1 and asset_kind = 'upload'", user_id as UserId)
        .execute(&mut *tx)
        .await?;
    let done = sqlx::query!(
        "update public.uploads set state = 'deleting', updated_at = $2 where user_id = $1 and state <> 'deleting'",
        user_id as UserId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// An upload whose time is over.
pub(crate) struct Expired {
    pub(crate) id: UploadId,
    pub(crate) user_id: UserId,
    pub(crate) created_at: OffsetDateTime,
}

/// Locks up to `limit` uploads whose time is over and that nothing uses.
pub(crate) async fn lock_expired(
    tx: &mut PgConnection,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<Expired>, DatabaseError> {
    sqlx::query_as!(
        Expired,
        r#"select id as "id: UploadId", user_id as "user_id: UserId", created_at from public.uploads
           where state = 'ready' and expires_at <= $1 and not app.asset_is_used('upload', id)
           order by expires_at limit $2 for update skip locked"#,
        now,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// An unused upload is kept for another time: its owner's plan is another one.
pub(crate) async fn keep_for(
    tx: &mut PgConnection,
    id: UploadId,
    kept_days: Option<i32>,
    expires_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.uploads set kept_days = $2, expires_at = $3, updated_at = $4 where id = $1",
        id as UploadId,
        kept_days,
        expires_at,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A file that is to be removed.
pub(crate) struct Leftover {
    pub(crate) id: UploadId,
    pub(crate) storage_key: StorageKey,
}

/// Up to `limit` uploads that are being deleted, or that nobody finished storing before `unfinished_since`; those become
/// ones that are being deleted.
pub(crate) async fn take_leftovers(
    tx: &mut PgConnection,
    unfinished_since: OffsetDateTime,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<Leftover>, DatabaseError> {
    sqlx::query_as!(
        Leftover,
        r#"update public.uploads set state = 'deleting', updated_at = $2
           where id in (select id from public.uploads
                        where state = 'deleting' or (state = 'storing' and updated_at <= $1)
                        order by updated_at limit $3 for update skip locked)
           returning id as "id: UploadId", storage_key as "storage_key: StorageKey""#,
        unfinished_since,
        now,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// Forgets uploads whose files are gone.
pub(crate) async fn forget(tx: &mut PgConnection, ids: &[UploadId]) -> Result<(), DatabaseError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!("delete from public.uploads where id = any($1) and state = 'deleting'", &ids).execute(tx).await?;
    Ok(())
}
