//! `POST|DELETE /api/account/deletion`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use platform::http::{Json, Member};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::request::{cancel_deletion, request_deletion};
use crate::responses::private_json;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/account/deletion", post(request_api).delete(cancel_api))
}

/// An empty object.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct DeletionBody {}

/// When the account is erased.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DueBody {
    #[serde(with = "time::serde::rfc3339")]
    due_at: OffsetDateTime,
}

/// Requests the deletion of the account in 14 days.
#[utoipa::path(post, path = "/api/account/deletion", tag = "account", request_body = DeletionBody,
    responses((status = 202, body = DueBody), (status = 403, description = "reauthentication_required")))]
pub(super) async fn request_api(
    State(app): State<App>,
    member: Member,
    Json(_): Json<DeletionBody>,
) -> Result<Response, Problem> {
    let due_at = request_deletion(&member.ctx, &app).await?;
    Ok((StatusCode::ACCEPTED, private_json(DueBody { due_at })).into_response())
}

/// Cancels the deletion.
#[utoipa::path(delete, path = "/api/account/deletion", tag = "account", responses((status = 204)))]
pub(super) async fn cancel_api(State(app): State<App>, member: Member) -> Result<StatusCode, Problem> {
    cancel_deletion(&member.ctx, &app).await?;
    Ok(StatusCode::NO_CONTENT)
}
