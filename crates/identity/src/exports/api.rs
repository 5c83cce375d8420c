//! `GET|POST /api/account/exports`, `GET /api/account/exports/{id}/download`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::StatusCode;
use kernel::{Ctx, SystemReason, UserId};
use platform::http::{Json, Member, Path};
use platform::rate_limits::{self, RateLimit};
use platform::storage::StorageKey;
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{AccountExport, AccountExportId, queries, request};
use crate::auth::api::private;

/// Wishes for a file of one account, whether or not they are granted.
const FILES: RateLimit = RateLimit { name: "account_exports", burst: 8, every: Duration::hours(6) };
/// How long the link to the file works.
const LINK_LIFETIME: Duration = Duration::minutes(5);

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/account/exports", get(list_api).post(request_api))
        .route("/api/account/exports/{id}/download", get(download_api))
}

/// The newest exports.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct ExportsBody {
    exports: Vec<AccountExport>,
}

/// An export that was asked for.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct RequestedExportBody {
    id: AccountExportId,
}

/// Nothing needs to be said.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct RequestExportBody {}

/// Where the file is.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportLinkBody {
    url: String,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// The newest exports.
#[utoipa::path(get, path = "/api/account/exports", tag = "account", responses((status = 200, body = ExportsBody)))]
pub(super) async fn list_api(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let exports = queries::list(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    Ok(private(ExportsBody { exports }).into_response())
}

/// Asks for a file with everything that is held about the person; a mail says when it is ready.
#[utoipa::path(post, path = "/api/account/exports", tag = "account", request_body = RequestExportBody,
    responses((status = 202, body = RequestedExportBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "export_in_progress")))]
pub(super) async fn request_api(
    State(app): State<App>,
    member: Member,
    Json(_): Json<RequestExportBody>,
) -> Result<Response, Problem> {
    let id = ask(&member, &app).await?;
    Ok((StatusCode::ACCEPTED, private(RequestedExportBody { id })).into_response())
}

/// Asks for the file.
pub(super) async fn ask(member: &Member, app: &App) -> Result<AccountExportId, Problem> {
    rate_limits::take(&member.ctx, app, FILES, &member.user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let id = request(&member.ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(id)
}

/// A link to the file that works for five minutes.
#[utoipa::path(get, path = "/api/account/exports/{id}/download", tag = "account", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ExportLinkBody), (status = 404, description = "not_found")))]
pub(super) async fn download_api(
    State(app): State<App>,
    member: Member,
    Path(id): Path<AccountExportId>,
) -> Result<Response, Problem> {
    let url = link(&member.ctx, &app, member.user.user_id, id).await?;
    Ok(private(ExportLinkBody { url, expires_at: member.ctx.now() + LINK_LIFETIME }).into_response())
}

pub(super) async fn link(ctx: &Ctx, app: &App, user_id: UserId, id: AccountExportId) -> Result<String, Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let key = queries::ready_key(&mut tx, user_id, id, ctx.now()).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    let key = StorageKey::new(key).map_err(Problem::internal)?;
    Ok(app.storage.signed_url(ctx, &key, LINK_LIFETIME, Some("machiya-data.zip")).await?)
}
