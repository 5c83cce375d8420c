//! `GET /api/catalog`.

use axum::extract::State;
use axum::routing::get;
use axum::{Json as JsonBody, Router};
use kernel::{Cursor, PageRequest, Paginated};
use platform::Problem;
use platform::http::{Anyone, Query};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::queries;
use crate::state::Studio;

/// The routes of the catalogue.
pub(crate) fn routes() -> Router<Studio> {
    Router::new().route("/api/catalog", get(list))
}

#[derive(Deserialize)]
struct PageQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A sample picture, as the specification has it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct CatalogItem {
    /// The key in the storage.
    key: String,
    /// Its public address.
    url: String,
    /// Size in bytes.
    size: i64,
    /// When it was stored.
    #[serde(with = "time::serde::rfc3339")]
    last_modified: OffsetDateTime,
}

/// The sample pictures of the platform, newest first.
#[utoipa::path(get, path = "/api/catalog", tag = "studio", params(("cursor" = Option<String>, Query, description = "nextCursor of the page before"), ("limit" = Option<u32>, Query, description = "1 to 1000")), responses((status = 200, body = kernel::Paginated<CatalogItem>)))]
async fn list(
    State(studio): State<Studio>,
    Anyone(ctx): Anyone,
    Query(query): Query<PageQuery>,
) -> Result<JsonBody<Paginated<CatalogItem>>, Problem> {
    let request = PageRequest::parse(query.cursor.as_deref(), query.limit)?;
    let mut tx = studio.app.db.begin_as(&ctx).await?;
    let rows = queries::page(&mut tx, &request).await?;
    tx.commit().await?;
    let page = Paginated::from_rows(rows, &request, |file| Cursor { at: file.modified_at, id: file.id });
    Ok(JsonBody(page.map(|file| CatalogItem {
        url: studio.app.storage.public_url(&file.storage_key),
        key: file.storage_key.into(),
        size: file.size_bytes,
        last_modified: file.modified_at,
    })))
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(list))]
struct ApiDoc;

/// The OpenAPI description of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <ApiDoc as utoipa::OpenApi>::openapi()
}
