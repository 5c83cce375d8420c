//! The SQL of deletion and of what protects from it.

use kernel::{GenerationId, UserId};
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::generations::model::{GenerationStatus, KeptReason};

/// What stands in the way of deleting, read under a lock.
pub(crate) struct Deletable {
    pub status: GenerationStatus,
    pub kept_reason: Option<KeptReason>,
    pub is_used: bool,
    pub deleted_at: Option<OffsetDateTime>,
    pub files_removed_at: Option<OffsetDateTime>,
}

/// Locks one of the account's generations.
pub(crate) async fn lock(
    tx: &mut PgConnection,
    user_id: UserId,
    id: GenerationId,
) -> Result<Option<Deletable>, DatabaseError> {
    sqlx::query_as!(
        Deletable,
        r#"select status as "status: GenerationStatus", kept_reason as "kept_reason: KeptReason", is_used,
                  deleted_at, files_removed_at
           from public.generations where id = $1 and user_id = $2 for update"#,
        id as GenerationId,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// Whose generation it is.
pub(crate) async fn owner(tx: &mut PgConnection, id: GenerationId) -> Result<Option<UserId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select user_id as "user_id: UserId" from public.generations where id = $1"#,
        id as GenerationId
    )
    .fetch_optional(tx)
    .await
}

/// Moves an expiry to `until` if that is later; what never expires stays so.
pub(crate) async fn keep_until(
    tx: &mut PgConnection,
    id: GenerationId,
    until: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.generations set expires_at = greatest(expires_at, $2) where id = $1 and expires_at is not null",
        id as GenerationId,
        until,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Marks as deleted, or (with `None`) restores.
pub(crate) async fn set_deleted(
    tx: &mut PgConnection,
    id: GenerationId,
    deleted_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.generations set deleted_at = $2, updated_at = $3 where id = $1",
        id as GenerationId,
        deleted_at,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Begins to remove the files of a generation that was deleted before `before`: from here on it cannot be brought back.
/// False when it was brought back, is kept, or was deleted later.
pub(crate) async fn begin_removal(
    tx: &mut PgConnection,
    id: GenerationId,
    before: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.generations set files_removed_at = coalesce(files_removed_at, $3), updated_at = $3
           where id = $1 and deleted_at <= $2 and kept_reason is null and not is_used"#,
        id as GenerationId,
        before,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets the files of a deleted generation, and what its owner wrote.
pub(crate) async fn forget(tx: &mut PgConnection, id: GenerationId, now: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.generation_outputs where generation_id = $1", id as GenerationId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from public.media_images where generation_id = $1", id as GenerationId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        r#"update public.generations
           set updated_at = $2, prompt = '(deleted)', negative_prompt = null, spec = '{}'
           where id = $1"#,
        id as GenerationId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The generation is published with this preview.
pub(crate) async fn set_published(
    tx: &mut PgConnection,
    id: GenerationId,
    preview_path: &str,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.generations
           set is_public = true, preview_path = $2, published_at = $3, updated_at = $3,
               kept_reason = coalesce(kept_reason, 'published')
           where id = $1"#,
        id as GenerationId,
        preview_path,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The generation is no longer published; what was sold stays protected.
pub(crate) async fn set_unpublished(
    tx: &mut PgConnection,
    id: GenerationId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.generations
           set is_public = false, kept_reason = nullif(kept_reason, 'published'), updated_at = $2
           where id = $1"#,
        id as GenerationId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The generation was sold and never expires.
pub(crate) async fn set_sold(
    tx: &mut PgConnection,
    id: GenerationId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.generations set kept_reason = 'sold', updated_at = $2
           where id = $1 and kept_reason is distinct from 'sold'"#,
        id as GenerationId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The generation is in use, or no longer. False when it was deleted.
pub(crate) async fn set_used(
    tx: &mut PgConnection,
    id: GenerationId,
    is_used: bool,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.generations set is_used = $2, updated_at = $3 where id = $1 and deleted_at is null"#,
        id as GenerationId,
        is_used,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
