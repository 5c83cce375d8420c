//! `GET|POST /api/account/exports`, `GET /api/account/exports/{id}/download`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::StatusCode;
use platform::http::{Json, Member, Path};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::download::{URL_LIFETIME, sign_url};
use super::model::{AccountExport, AccountExportId};
use super::queries;
use super::request::request_export;
use crate::responses::private_json;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/account/exports", get(list_api).post(request_api))
        .route("/api/account/exports/{id}/download", get(download_api))
}

/// The newest exports of the account.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct ExportsBody {
    exports: Vec<AccountExport>,
}

/// An export that was requested.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct RequestedExportBody {
    id: AccountExportId,
}

/// An empty object.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct RequestExportBody {}

/// The signed URL of a file.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportLinkBody {
    url: String,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// The newest exports of the account.
#[utoipa::path(get, path = "/api/account/exports", tag = "account", responses((status = 200, body = ExportsBody)))]
pub(super) async fn list_api(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let exports = queries::list(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    Ok(private_json(ExportsBody { exports }))
}

/// Requests a file with everything that is stored about the account; a mail says when it is ready.
#[utoipa::path(post, path = "/api/account/exports", tag = "account", request_body = RequestExportBody,
    responses((status = 202, body = RequestedExportBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "export_in_progress"), (status = 429, description = "too_many_requests")))]
pub(super) async fn request_api(
    State(app): State<App>,
    member: Member,
    Json(_): Json<RequestExportBody>,
) -> Result<Response, Problem> {
    let id = request_export(&member.ctx, &app).await?;
    Ok((StatusCode::ACCEPTED, private_json(RequestedExportBody { id })).into_response())
}

/// A signed URL of the file, which works for five minutes.
#[utoipa::path(get, path = "/api/account/exports/{id}/download", tag = "account", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ExportLinkBody), (status = 404, description = "not_found")))]
pub(super) async fn download_api(
    State(app): State<App>,
    member: Member,
    Path(id): Path<AccountExportId>,
) -> Result<Response, Problem> {
    let url = sign_url(&member.ctx, &app, member.user.user_id, id).await?;
    Ok(private_json(ExportLinkBody { url, expires_at: member.ctx.now() + URL_LIFETIME }))
}
