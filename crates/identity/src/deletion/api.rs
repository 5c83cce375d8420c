//! `POST|DELETE /api/account/deletion`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use kernel::SystemReason;
use platform::http::{Json, Member};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{cancel, request};
use crate::auth::api::private;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/account/deletion", post(request_api).delete(cancel_api))
}

/// Nothing needs to be said.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct DeletionBody {}

/// When it will be.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DueBody {
    #[serde(with = "time::serde::rfc3339")]
    due_at: OffsetDateTime,
}

/// Asks for the account to be erased, in fourteen days.
#[utoipa::path(post, path = "/api/account/deletion", tag = "account", request_body = DeletionBody,
    responses((status = 202, body = DueBody), (status = 403, description = "reauthentication_required")))]
pub(super) async fn request_api(
    State(app): State<App>,
    member: Member,
    Json(_): Json<DeletionBody>,
) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let due_at = request(&member.ctx, &mut tx, &app).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, private(DueBody { due_at })).into_response())
}

/// Keeps the account after all.
#[utoipa::path(delete, path = "/api/account/deletion", tag = "account", responses((status = 204)))]
pub(super) async fn cancel_api(State(app): State<App>, member: Member) -> Result<StatusCode, Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    cancel(&member.ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
