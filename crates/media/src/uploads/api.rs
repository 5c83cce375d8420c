//! `POST /api/uploads`, `GET /api/uploads`, and one upload: show and delete.

use axum::extract::{Request, State};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json as JsonBody, Router};
use http::{StatusCode, header};
use kernel::{Ctx, PageRequest, Paginated, SystemReason, UserId};
use platform::http::{Member, Path, Query};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::delete::delete;
use super::model::{LINK_LIFETIME, Upload, UploadId, UploadKind};
use super::queries;
use super::receive::receive;
use super::state::Media;
use super::store::store;
use crate::asset_uses::model::{Asset, AssetUse};
use crate::asset_uses::queries::uses_of;

/// How many files one person may send in an hour.
const UPLOADS_PER_HOUR: u32 = 240;

pub(super) fn routes() -> Router<Media> {
    Router::new().route("/api/uploads", get(list).post(upload)).route("/api/uploads/{id}", get(show).delete(remove))
}

/// An upload, with the fields of specification 4, §3.4, first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct UploadBody {
    /// The id of the upload.
    upload_id: UploadId,
    /// Whose it is.
    user_id: UserId,
    /// A link to the stored picture that works for an hour.
    url: String,
    /// The name of the file that came in.
    file_name: String,
    /// The type of the stored picture.
    mime_type: String,
    /// The size of the stored picture in bytes.
    size: i64,
    /// What it is for.
    r#type: UploadKind,
    /// When it came in.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// The width in pixels.
    width: i32,
    /// The height in pixels.
    height: i32,
    /// What the file was when it came in: `png`, `jpeg`, `webp`, `avif` or `svg`.
    source_format: String,
    /// How the picture came to be, where its file said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    digital_source_type: Option<String>,
    /// Until when it is kept while nothing uses it; absent for ever.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    expires_at: Option<OffsetDateTime>,
}

/// An upload and what uses it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct UploadDetails {
    #[serde(flatten)]
    upload: UploadBody,
    /// What uses it; as long as there is anything, it cannot be deleted.
    used_by: Vec<AssetUse>,
}

/// The form of an upload.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form; the form itself is read as it arrives")]
struct UploadForm {
    /// What the picture is for.
    r#type: UploadKind,
    /// The file: PNG, JPEG, WebP, AVIF or SVG, at most 20 MiB and 50 megapixels.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

async fn body_of(app: &App, ctx: &Ctx, upload: Upload) -> Result<UploadBody, Problem> {
    Ok(UploadBody {
        url: app.storage.signed_url(ctx, &upload.storage_key, LINK_LIFETIME, None).await?,
        upload_id: upload.id,
        user_id: upload.user_id,
        file_name: upload.file_name,
        mime_type: upload.mime_type,
        size: upload.size_bytes,
        r#type: upload.kind,
        created_at: upload.created_at,
        width: upload.width,
        height: upload.height,
        source_format: upload.source_format,
        digital_source_type: upload.digital_source_type,
        expires_at: upload.expires_at,
    })
}

/// Takes a picture in. It is stored upright, in sRGB, without metadata, as PNG or JPEG, at most 4,096 pixels a side.
#[utoipa::path(post, path = "/api/uploads", tag = "uploads", request_body(content = UploadForm, content_type = "multipart/form-data"), responses((status = 201, body = UploadBody), (status = 400, description = "malformed_request"), (status = 401, description = "unauthorized"), (status = 408, description = "request_timeout"), (status = 409, description = "upload_space_exhausted"), (status = 413, description = "upload_too_large, picture_too_large"), (status = 415, description = "unsupported_media_type, not_a_picture, unsupported_picture"), (status = 422, description = "invalid_input, picture_truncated, picture_damaged"), (status = 429, description = "too_many_requests")))]
async fn upload(
    State(media): State<Media>,
    Member { ctx, user }: Member,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    let limit = RateLimit::hourly("media.uploads", UPLOADS_PER_HOUR);
    rate_limits::take(&ctx, &media.app, limit, &user.user_id.to_string()).await?;
    let received = receive(&media.app, request).await?;
    let upload = store(&media, &ctx, user.user_id, received).await?;
    let location = [(header::LOCATION, format!("/api/uploads/{}", upload.id))];
    Ok((StatusCode::CREATED, location, JsonBody(body_of(&media.app, &ctx, upload).await?)))
}

/// `?type=&cursor=&limit=`.
#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    r#type: Option<UploadKind>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// What somebody brought along, newest first.
#[utoipa::path(get, path = "/api/uploads", tag = "uploads", params(("type" = Option<UploadKind>, Query, description = "only of this kind"), ("cursor" = Option<String>, Query, description = "nextCursor of the page before"), ("limit" = Option<u32>, Query, description = "1 to 1000")), responses((status = 200, body = Paginated<UploadBody>), (status = 401, description = "unauthorized"), (status = 422, description = "invalid_input")))]
async fn list(
    State(media): State<Media>,
    Member { ctx, user }: Member,
    Query(query): Query<ListQuery>,
) -> Result<JsonBody<Paginated<UploadBody>>, Problem> {
    let request = PageRequest::parse(query.cursor.as_deref(), query.limit)?;
    let mut tx = media.app.db.begin_as(&ctx).await?;
    let rows = queries::page(&mut tx, user.user_id, query.r#type, &request).await?;
    tx.commit().await?;
    let page = Paginated::from_rows(rows, &request, Upload::position);
    let mut items = Vec::with_capacity(page.items.len());
    for upload in page.items {
        items.push(body_of(&media.app, &ctx, upload).await?);
    }
    Ok(JsonBody(Paginated { items, next_cursor: page.next_cursor }))
}

/// One upload, with what uses it.
#[utoipa::path(get, path = "/api/uploads/{id}", tag = "uploads", params(("id" = uuid::Uuid, Path, description = "the upload")), responses((status = 200, body = UploadDetails), (status = 401, description = "unauthorized"), (status = 404, description = "not_found")))]
async fn show(
    State(media): State<Media>,
    Member { ctx, user }: Member,
    Path(id): Path<UploadId>,
) -> Result<JsonBody<UploadDetails>, Problem> {
    let mut tx = media.app.db.begin_as(&ctx).await?;
    let upload = queries::find(&mut tx, user.user_id, id).await?.ok_or_else(Problem::not_found)?;
    let used_by = uses_of(&mut tx, Asset::Upload(id)).await?;
    tx.commit().await?;
    Ok(JsonBody(UploadDetails { upload: body_of(&media.app, &ctx, upload).await?, used_by }))
}

/// Deletes an upload that nothing uses.
#[utoipa::path(delete, path = "/api/uploads/{id}", tag = "uploads", params(("id" = uuid::Uuid, Path, description = "the upload")), responses((status = 204), (status = 401, description = "unauthorized"), (status = 404, description = "not_found"), (status = 409, description = "upload_in_use")))]
async fn remove(
    State(media): State<Media>,
    Member { ctx, user }: Member,
    Path(id): Path<UploadId>,
) -> Result<StatusCode, Problem> {
    let mut tx = media.app.db.begin_system(SystemReason::PlatformRules).await?;
    delete(&ctx, &mut tx, user.user_id, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(upload, list, show, remove))]
pub(super) struct Described;
