//! `GET /api/user-gallery`, and one generation: show, delete, bring back.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json as JsonBody, Router};
use credits::wallets::tokens_as_number;
use kernel::{GenerationId, PageRequest, Paginated, SystemReason};
use platform::Problem;
use platform::http::{Member, Path, Query};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::links::{find_mine, link, links_of, thumbnails_of};
use super::model::{Generation, GenerationKind, GenerationStatus, KeptReason};
use super::queries::{self, GenerationFilter};
use crate::aspect_ratio::AspectRatio;
use crate::deletion::delete;
use crate::providers::model::ProviderKind;
use crate::state::Studio;
use crate::wardrobe::model::Answers;

/// The routes of the gallery.
pub(crate) fn routes() -> Router<Studio> {
    Router::new()
        .route("/api/user-gallery", get(gallery))
        .route("/api/generations/{id}", get(show).delete(delete_one))
        .route("/api/generations/{id}/restore", post(restore))
}

/// `?kind=&ratio=&public=&cursor=&limit=`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    pub(super) kind: Option<String>,
    pub(super) ratio: Option<String>,
    pub(super) public: Option<String>,
    pub(super) cursor: Option<String>,
    pub(super) limit: Option<u32>,
}

impl ListQuery {
    /// Reads the filters; an empty one is none, as a form sends it.
    pub(super) fn filter(&self) -> Result<GenerationFilter<'_>, Problem> {
        let said = |text: &'_ Option<String>| text.clone().filter(|text| !text.is_empty());
        let unknown = |field: &str| Problem::invalid_field(field, "unknown_value");
        let kind = said(&self.kind)
            .map(|name| {
                GenerationKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| unknown("kind"))
            })
            .transpose()?;
        let ratio = said(&self.ratio)
            .map(|text| text.parse::<AspectRatio>().map(AspectRatio::as_str).map_err(|_| unknown("ratio")))
            .transpose()?;
        let is_public = said(&self.public)
            .map(|text| match text.as_str() {
                "1" | "true" => Ok(true),
                "0" | "false" => Ok(false),
                _ => Err(unknown("public")),
            })
            .transpose()?;
        Ok(GenerationFilter { kind, ratio, is_public, completed_only: false })
    }
}

/// A picture of the gallery, with the four members of the specification first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = UserGalleryItem)]
#[serde(rename_all = "camelCase")]
struct GalleryItem {
    /// The original's key.
    key: String,
    /// A link to the original that works for an hour.
    url: String,
    /// Size in bytes.
    size: i64,
    /// When it was stored.
    #[serde(with = "time::serde::rfc3339")]
    last_modified: OffsetDateTime,
    id: GenerationId,
    kind: GenerationKind,
    aspect_ratio: String,
    is_public: bool,
    width: i32,
    height: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

/// The caller's pictures, newest first.
#[utoipa::path(get, path = "/api/user-gallery", tag = "studio", params(("cursor" = Option<String>, Query, description = "nextCursor of the page before"), ("limit" = Option<u32>, Query, description = "1 to 1000")), responses((status = 200, body = kernel::Paginated<GalleryItem>), (status = 401, description = "unauthorized")))]
async fn gallery(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Query(query): Query<ListQuery>,
) -> Result<JsonBody<Paginated<GalleryItem>>, Problem> {
    let request = PageRequest::parse(query.cursor.as_deref(), query.limit)?;
    let filter = GenerationFilter { completed_only: true, ..query.filter()? };
    let mut tx = studio.app.db.begin_as(&ctx).await?;
    let rows = queries::page(&mut tx, user.user_id, &filter, &request).await?;
    tx.commit().await?;
    let page = Paginated::from_rows(rows, &request, Generation::position);
    let ids: Vec<GenerationId> = page.items.iter().map(|generation| generation.id).collect();
    let thumbnails = thumbnails_of(&studio, &ctx, &ids).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for generation in page.items {
        let Some(key) = &generation.storage_key else { continue };
        let thumbnail_url = match thumbnails.get(&generation.id) {
            Some(file) => Some(link(&studio, &ctx, &file.storage_key).await?),
            None => None,
        };
        items.push(GalleryItem {
            url: link(&studio, &ctx, key).await?,
            key: key.to_string(),
            size: generation.size_bytes.unwrap_or(0),
            last_modified: generation.completed_at.unwrap_or(generation.created_at),
            id: generation.id,
            kind: generation.kind,
            is_public: generation.is_public,
            width: generation.width.unwrap_or(0),
            height: generation.height.unwrap_or(0),
            thumbnail_url,
            created_at: generation.created_at,
            aspect_ratio: generation.aspect_ratio,
        });
    }
    Ok(JsonBody(Paginated { items, next_cursor: page.next_cursor }))
}

/// A generation with everything that its owner may know.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct GenerationBody {
    id: GenerationId,
    kind: GenerationKind,
    status: GenerationStatus,
    provider: ProviderKind,
    model: String,
    prompt: String,
    negative_prompt: Option<String>,
    aspect_ratio: String,
    seed: i64,
    answers: Option<Answers>,
    variation: i32,
    is_public: bool,
    kept_reason: Option<KeptReason>,
    /// Whether a page of yours shows it.
    is_used: bool,
    /// Image credits that it was paid with.
    credits_used: i32,
    /// Tokens that it was paid with, where no image credit was.
    #[schema(value_type = f64)]
    tokens_used: serde_json::Number,
    /// When it will be removed; null while something protects it and where the plan keeps everything.
    #[serde(with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
    error: Option<String>,
    job_id: Option<uuid::Uuid>,
    path: Option<String>,
    url: Option<String>,
    thumbnail_url: Option<String>,
    mime_type: Option<String>,
    size: Option<i64>,
    width: Option<i32>,
    height: Option<i32>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    completed_at: Option<OffsetDateTime>,
}

/// One picture, with its whole prompt.
#[utoipa::path(get, path = "/api/generations/{id}", tag = "studio", params(("id" = uuid::Uuid, Path, description = "the picture")), responses((status = 200, body = GenerationBody), (status = 404, description = "not_found")))]
async fn show(
    State(studio): State<Studio>,
    Member { ctx, .. }: Member,
    Path(id): Path<GenerationId>,
) -> Result<JsonBody<GenerationBody>, Problem> {
    let generation = find_mine(&studio, &ctx, id).await?;
    let links = links_of(&studio, &ctx, &generation).await?;
    Ok(JsonBody(GenerationBody {
        id,
        expires_at: generation.removal_due_at(),
        is_used: generation.is_used,
        credits_used: generation.credits_used,
        tokens_used: tokens_as_number(generation.tokens_used),
        kind: generation.kind,
        status: generation.status,
        provider: generation.provider,
        model: generation.model,
        prompt: generation.prompt,
        negative_prompt: generation.negative_prompt,
        aspect_ratio: generation.aspect_ratio,
        seed: generation.seed,
        answers: generation.answers.map(|answers| answers.0),
        variation: generation.variation,
        is_public: generation.is_public,
        kept_reason: generation.kept_reason,
        error: generation.failure_code,
        job_id: generation.job_id,
        path: generation.storage_key.map(Into::into),
        url: links.original,
        thumbnail_url: links.thumbnail,
        mime_type: generation.mime_type,
        size: generation.size_bytes,
        width: generation.width,
        height: generation.height,
        created_at: generation.created_at,
        completed_at: generation.completed_at,
    }))
}

/// Deletes a picture; it can be restored for a while.
#[utoipa::path(delete, path = "/api/generations/{id}", tag = "studio", params(("id" = uuid::Uuid, Path, description = "the picture")), responses((status = 200), (status = 404, description = "not_found"), (status = 409, description = "it is published or sold")))]
async fn delete_one(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Path(id): Path<GenerationId>,
) -> Result<http::StatusCode, Problem> {
    let mut tx = studio.app.db.begin_system(SystemReason::PlatformRules).await?;
    delete::delete(&ctx, &mut tx, user.user_id, id).await?;
    tx.commit().await?;
    Ok(http::StatusCode::NO_CONTENT)
}

/// Takes a deletion back.
#[utoipa::path(post, path = "/api/generations/{id}/restore", tag = "studio", params(("id" = uuid::Uuid, Path, description = "the picture")), responses((status = 200), (status = 404, description = "not_found")))]
async fn restore(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Path(id): Path<GenerationId>,
) -> Result<http::StatusCode, Problem> {
    let mut tx = studio.app.db.begin_system(SystemReason::PlatformRules).await?;
    delete::restore(&ctx, &mut tx, user.user_id, id).await?;
    tx.commit().await?;
    Ok(http::StatusCode::NO_CONTENT)
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(gallery, show, delete_one, restore))]
struct ApiDoc;

/// The OpenAPI description of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <ApiDoc as utoipa::OpenApi>::openapi()
}
