//! The SQL that reads generations and their files.

use kernel::{GenerationId, MediaImageId, PageRequest, Tokens, UserId};
use platform::DatabaseError;
use platform::storage::StorageKey;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::model::{
    Generation, GenerationKind, GenerationStatus, KeptReason, OwnerThumbnail, PictureToPublish, StoredPicture,
};
use super::spec::GenerationSpec;
use crate::providers::model::ProviderKind;
use crate::wardrobe::model::Answers;

/// Which of an account's generations to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GenerationFilter<'a> {
    /// Only of this kind.
    pub kind: Option<GenerationKind>,
    /// Only in this shape.
    pub ratio: Option<&'a str>,
    /// Only published ones, or only those that are not.
    pub is_public: Option<bool>,
    /// Only those whose picture is stored.
    pub completed_only: bool,
}

/// One of the account's generations, deleted ones too.
pub(crate) async fn find(
    tx: &mut PgConnection,
    user_id: UserId,
    id: GenerationId,
) -> Result<Option<Generation>, DatabaseError> {
    sqlx::query_as!(
        Generation,
        r#"select g.id as "id: GenerationId", g.user_id as "user_id: UserId", g.kind as "kind: GenerationKind",
                  g.status as "status: GenerationStatus", g.provider as "provider: ProviderKind", g.model, g.prompt,
                  g.negative_prompt, coalesce(g.aspect_ratio, '') as "aspect_ratio!", g.seed,
                  g.spec -> 'answers' as "answers: Json<Answers>", g.variation,
                  g.is_public, g.kept_reason as "kept_reason: KeptReason", g.is_used, g.credits_used,
                  g.tokens_used_milli as "tokens_used: Tokens", g.expires_at, g.failure_code, g.ground, g.created_at,
                  g.completed_at, g.deleted_at, j.id as "job_id?", o.storage_key as "storage_key?: StorageKey",
                  o.mime_type as "mime_type?", o.size_bytes as "size_bytes?", g.width, g.height
           from public.generations g
           left join public.media_images o on o.generation_id = g.id and o.role = 'original' and o.position = 0
           left join lateral (
             select id from public.ai_jobs where generation_id = g.id and user_id = g.user_id
             order by created_at desc limit 1) j on true
           where g.id = $1 and g.user_id = $2"#,
        id as GenerationId,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// A part of an account's generations, newest first, without deleted and cancelled ones.
pub(crate) async fn page(
    tx: &mut PgConnection,
    user_id: UserId,
    filter: &GenerationFilter<'_>,
    page: &PageRequest,
) -> Result<Vec<Generation>, DatabaseError> {
    sqlx::query_as!(
        Generation,
        r#"select g.id as "id: GenerationId", g.user_id as "user_id: UserId", g.kind as "kind: GenerationKind",
                  g.status as "status: GenerationStatus", g.provider as "provider: ProviderKind", g.model, g.prompt,
                  g.negative_prompt, coalesce(g.aspect_ratio, '') as "aspect_ratio!", g.seed,
                  g.spec -> 'answers' as "answers: Json<Answers>", g.variation,
                  g.is_public, g.kept_reason as "kept_reason: KeptReason", g.is_used, g.credits_used,
                  g.tokens_used_milli as "tokens_used: Tokens", g.expires_at, g.failure_code, g.ground, g.created_at,
                  g.completed_at, g.deleted_at, null::uuid as job_id, o.storage_key as "storage_key?: StorageKey",
                  o.mime_type as "mime_type?", o.size_bytes as "size_bytes?", g.width, g.height
           from public.generations g
           left join public.media_images o on o.generation_id = g.id and o.role = 'original' and o.position = 0
           where g.user_id = $1 and g.deleted_at is null and g.status <> 'cancelled' and g.kind <> 'text'
             and ($2::text is null or g.kind = $2) and ($3::text is null or g.aspect_ratio = $3)
             and ($4::boolean is null or g.is_public = $4) and (not $5::boolean or g.status = 'completed')
             and ($6::timestamptz is null or (g.created_at, g.id) < ($6, $7::uuid))
           order by g.created_at desc, g.id desc
           limit $8"#,
        user_id as UserId,
        filter.kind.map(GenerationKind::as_str),
        filter.ratio,
        filter.is_public,
        filter.completed_only,
        page.after.map(|cursor| cursor.at),
        page.after.map(|cursor| cursor.id),
        page.fetch_limit(),
    )
    .fetch_all(tx)
    .await
}

/// A thumbnail of each of these generations: the smallest that is at least `width_px` wide, else the widest.
pub(crate) async fn thumbnails(
    tx: &mut PgConnection,
    ids: &[GenerationId],
    width_px: i32,
) -> Result<Vec<(GenerationId, StoredPicture)>, DatabaseError> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select distinct on (generation_id) generation_id as "generation_id!: GenerationId", id as "id: MediaImageId",
                  storage_key as "storage_key: StorageKey", sha256, size_bytes, width, height, mime_type
           from public.media_images
           where generation_id = any($1) and role = 'thumbnail' and position = 0
           order by generation_id, (width < $2), abs(width - $2)"#,
        &ids,
        width_px,
    )
    .fetch_all(tx)
    .await?;
    let picture = |row: (MediaImageId, StorageKey, Vec<u8>, i64, i32, i32, String)| StoredPicture {
        id: row.0,
        storage_key: row.1,
        sha256: row.2,
        size_bytes: row.3,
        width: row.4,
        height: row.5,
        mime_type: row.6,
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let facts = (row.id, row.storage_key, row.sha256, row.size_bytes, row.width, row.height, row.mime_type);
            (row.generation_id, picture(facts))
        })
        .collect())
}

/// The files of a generation: the original first, then the rest by width.
pub(crate) async fn files(tx: &mut PgConnection, id: GenerationId) -> Result<Vec<StoredPicture>, DatabaseError> {
    sqlx::query_as!(
        StoredPicture,
        r#"select id as "id: MediaImageId", storage_key as "storage_key: StorageKey", sha256, size_bytes, width, height,
                  mime_type
           from public.media_images where generation_id = $1
           order by (role <> 'original'), position, width"#,
        id as GenerationId,
    )
    .fetch_all(tx)
    .await
}

/// What was asked for; `None` for what is not the account's.
pub(crate) async fn spec(
    tx: &mut PgConnection,
    user_id: UserId,
    id: GenerationId,
) -> Result<Option<Json<GenerationSpec>>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select spec as "spec: Json<GenerationSpec>" from public.generations where id = $1 and user_id = $2"#,
        id as GenerationId,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// The text that a generation made; under row level security the own ones only.
///
/// # Errors
/// When the database does not answer.
pub async fn text_output(tx: &mut PgConnection, id: GenerationId) -> Result<Option<Value>, DatabaseError> {
    let found = sqlx::query_scalar!(
        "select content from public.generation_outputs where generation_id = $1 and position = 0",
        id as GenerationId,
    )
    .fetch_optional(tx)
    .await?;
    Ok(found.flatten())
}

/// The picture that was made for this very request since `since`, the newest first.
pub(crate) async fn cached(
    tx: &mut PgConnection,
    user_id: UserId,
    cache_key: &[u8],
    since: OffsetDateTime,
) -> Result<Option<GenerationId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: GenerationId" from public.generations
           where user_id = $1 and cache_key = $2 and status = 'completed' and deleted_at is null and completed_at > $3
           order by completed_at desc limit 1"#,
        user_id as UserId,
        cache_key,
        since,
    )
    .fetch_optional(tx)
    .await
}

/// The generation that is being made for this very request.
pub(crate) async fn in_flight(
    tx: &mut PgConnection,
    user_id: UserId,
    cache_key: &[u8],
) -> Result<Option<GenerationId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: GenerationId" from public.generations
           where user_id = $1 and cache_key = $2 and status in ('queued', 'processing')"#,
        user_id as UserId,
        cache_key,
    )
    .fetch_optional(tx)
    .await
}

/// The number of the next picture for the same request.
pub(crate) async fn next_variation(
    tx: &mut PgConnection,
    user_id: UserId,
    request_key: &[u8],
) -> Result<i32, DatabaseError> {
    sqlx::query_scalar!(
        r#"select coalesce(max(variation) + 1, 0) as "next!" from public.generations
           where user_id = $1 and request_key = $2"#,
        user_id as UserId,
        request_key,
    )
    .fetch_one(tx)
    .await
}

/// How many pictures an account has, and how many of them are published.
pub(crate) async fn count(tx: &mut PgConnection, user_id: UserId) -> Result<(i64, i64), DatabaseError> {
    let row = sqlx::query!(
        r#"select count(*) as "all!", count(*) filter (where is_public) as "public!"
           from public.generations
           where user_id = $1 and deleted_at is null and status = 'completed' and kind <> 'text'"#,
        user_id as UserId,
    )
    .fetch_one(tx)
    .await?;
    Ok((row.all, row.public))
}

/// One of the account's finished pictures, with the first picture of its line of descent. For the platform.
///
/// # Errors
/// When the database does not answer.
pub async fn picture_to_publish(
    tx: &mut PgConnection,
    user_id: UserId,
    id: GenerationId,
) -> Result<Option<PictureToPublish>, DatabaseError> {
    sqlx::query_as!(
        PictureToPublish,
        r#"with recursive ancestry as (
             select id, parent_id, 0 as depth from public.generations where id = $2
             union all
             select g.id, g.parent_id, a.depth + 1 from public.generations g join ancestry a on g.id = a.parent_id
              where a.depth < 1000)
           select g.id as "id: GenerationId", g.user_id as "user_id: UserId", g.prompt, g.provider, g.model,
                  g.created_at, m.storage_key as "storage_key: StorageKey", m.sha256, m.size_bytes, m.width, m.height,
                  (select a.id from ancestry a order by a.depth desc limit 1) as "root_id!: GenerationId"
           from public.generations g
           join public.media_images m on m.generation_id = g.id and m.role = 'original'
           where g.id = $2 and g.user_id = $1 and g.status = 'completed' and g.deleted_at is null"#,
        user_id as UserId,
        id as GenerationId,
    )
    .fetch_optional(tx)
    .await
}

/// The stored thumbnail of one of the account's pictures, or its original while there is none. For its owner only.
///
/// # Errors
/// When the database does not answer.
pub async fn owner_thumbnail(
    tx: &mut PgConnection,
    user_id: UserId,
    id: GenerationId,
) -> Result<Option<OwnerThumbnail>, DatabaseError> {
    sqlx::query_as!(
        OwnerThumbnail,
        r#"select storage_key as "storage_key: StorageKey", width, height from public.media_images
           where generation_id = $2 and user_id = $1 and role in ('thumbnail', 'original')
           order by (role = 'thumbnail') desc, width desc limit 1"#,
        user_id as UserId,
        id as GenerationId,
    )
    .fetch_optional(tx)
    .await
}
