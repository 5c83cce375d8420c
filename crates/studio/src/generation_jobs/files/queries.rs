//! The SQL of the files and texts of generations: what goes in, what comes out, what is being written.

use kernel::{AiJobId, GenerationId, MediaImageId, UserId};
use platform::DatabaseError;
use platform::storage::StorageKey;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::generations::spec::InputRole;

/// Records a file that goes into a generation.
pub(crate) async fn insert_input(
    tx: &mut PgConnection,
    generation_id: GenerationId,
    user_id: UserId,
    input: &NewInput<'_>,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.generation_inputs
             (generation_id, user_id, position, role, source_generation_id, sha256)
           values ($1, $2, $3, $4, $5, $6)"#,
        generation_id as GenerationId,
        user_id as UserId,
        input.position,
        input.role.as_str(),
        input.source as GenerationId,
        input.sha256,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A file that goes into a generation.
pub(crate) struct NewInput<'a> {
    pub position: i32,
    pub role: InputRole,
    pub source: GenerationId,
    pub sha256: &'a [u8],
}

/// An input with the file behind it; without one where that was deleted meanwhile.
pub(crate) struct StoredInput {
    pub role: InputRole,
    pub storage_key: Option<StorageKey>,
    pub mime_type: Option<String>,
}

/// The inputs of a generation, in their order.
pub(crate) async fn inputs(tx: &mut PgConnection, id: GenerationId) -> Result<Vec<StoredInput>, DatabaseError> {
    sqlx::query_as!(
        StoredInput,
        r#"select i.role as "role: InputRole", m.storage_key as "storage_key?: StorageKey", m.mime_type as "mime_type?"
           from public.generation_inputs i
           left join public.media_images m
             on m.generation_id = i.source_generation_id and m.role = 'original' and m.position = 0
           where i.generation_id = $1 order by i.position"#,
        id as GenerationId,
    )
    .fetch_all(tx)
    .await
}

/// Records a picture that a generation made.
pub(crate) async fn insert_picture_output(
    tx: &mut PgConnection,
    picture: &NewPicture<'_>,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.generation_outputs (generation_id, user_id, position, image_id, created_at)
           values ($1, $2, $3, $4, $5)"#,
        picture.generation_id as GenerationId,
        picture.user_id as UserId,
        picture.position,
        picture.id as MediaImageId,
        picture.now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Records a text that a generation made: a JSON string, or a value in the form that was asked for.
pub(crate) async fn insert_text_output(
    tx: &mut PgConnection,
    user_id: UserId,
    generation_id: GenerationId,
    content: &Value,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.generation_outputs (generation_id, user_id, position, content, created_at)
           values ($1, $2, 0, $3, $4)"#,
        generation_id as GenerationId,
        user_id as UserId,
        content,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A file that has been stored.
pub(crate) struct NewPicture<'a> {
    pub id: MediaImageId,
    pub user_id: UserId,
    pub generation_id: GenerationId,
    /// Which of the generation's outputs it belongs to, from 0.
    pub position: i32,
    pub role: &'static str,
    pub key: &'a StorageKey,
    pub sha256: &'a [u8],
    pub size_bytes: i64,
    pub width: i32,
    pub height: i32,
    pub mime_type: &'static str,
    pub now: OffsetDateTime,
}

/// Records a stored file.
pub(crate) async fn insert_picture(tx: &mut PgConnection, new: &NewPicture<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.media_images
             (id, user_id, generation_id, position, role, storage_key, sha256, size_bytes, width, height, mime_type,
              created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#,
        new.id as MediaImageId,
        new.user_id as UserId,
        new.generation_id as GenerationId,
        new.position,
        new.role,
        new.key.as_str(),
        new.sha256,
        new.size_bytes,
        new.width,
        new.height,
        new.mime_type,
        new.now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes the keys that are about to be written, so that nothing stays behind unnoticed when the worker dies.
pub(crate) async fn stage_files(
    tx: &mut PgConnection,
    id: AiJobId,
    keys: &[StorageKey],
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    let keys: Vec<String> = keys.iter().map(|key| key.as_str().to_owned()).collect();
    sqlx::query!(
        "update public.ai_jobs set staged_keys = staged_keys || $2, updated_at = $3 where id = $1",
        id as AiJobId,
        &keys,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keys that were to be written for a generation and are none of its files.
pub(crate) async fn stray_files(
    tx: &mut PgConnection,
    generation_id: GenerationId,
) -> Result<Vec<StorageKey>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select staged.key as "key!: StorageKey"
           from public.ai_jobs a cross join lateral unnest(a.staged_keys) as staged (key)
           where a.generation_id = $1
             and not exists (select 1 from public.media_images m where m.storage_key = staged.key)"#,
        generation_id as GenerationId,
    )
    .fetch_all(tx)
    .await
}

/// The executions of a generation have no files left to look after.
pub(crate) async fn unstage(tx: &mut PgConnection, generation_id: GenerationId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.ai_jobs set staged_keys = '{}' where generation_id = $1",
        generation_id as GenerationId
    )
    .execute(tx)
    .await?;
    Ok(())
}
