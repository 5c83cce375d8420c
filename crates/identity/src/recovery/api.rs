//! `POST /api/auth/recovery`, `POST /api/auth/recovery/confirm`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use platform::http::{Anyone, Json};
use platform::{App, Problem};
use serde::Deserialize;

use super::request::request_recovery;
use super::reset::{Reset, reset_password};
use crate::auth::model::AccessBody;
use crate::one_time_links::model::LinkPurpose;
use crate::sessions::caller::Caller;
use crate::sessions::model::SessionKind;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/auth/recovery", post(request_api)).route("/api/auth/recovery/confirm", post(confirm_api))
}

/// The account whose password is forgotten.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct RecoveryBody {
    /// Its mail address.
    email: String,
}

/// A code from a mail and the new password.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct ResetBody {
    /// The parameter `code` of the link.
    code: String,
    /// The parameter `type` of the link.
    #[serde(default)]
    r#type: ResetType,
    /// The new password.
    password: String,
}

/// The purpose of the link.
#[derive(Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ResetType {
    /// Replaces a forgotten password.
    #[default]
    Recovery,
    /// Sets the first password of an account.
    SetPassword,
}

impl From<ResetType> for LinkPurpose {
    fn from(kind: ResetType) -> Self {
        match kind {
            ResetType::Recovery => Self::Recovery,
            ResetType::SetPassword => Self::SetPassword,
        }
    }
}

/// Sends a recovery link by mail. The answer is the same whether or not there is such an account.
#[utoipa::path(post, path = "/api/auth/recovery", tag = "auth", request_body = RecoveryBody,
    responses((status = 202), (status = 422, description = "invalid_input"),
              (status = 429, description = "too_many_requests")))]
pub(super) async fn request_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<RecoveryBody>,
) -> Result<StatusCode, Problem> {
    request_recovery(&ctx, &app, &caller, &body.email).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sets a password by a link. The first password of an account also starts a session.
#[utoipa::path(post, path = "/api/auth/recovery/confirm", tag = "auth", request_body = ResetBody,
    responses((status = 204, description = "the password is set; log in"),
              (status = 200, body = AccessBody, description = "the first password is set"),
              (status = 404, description = "link_unknown"), (status = 410, description = "link_used, link_expired"),
              (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
pub(super) async fn confirm_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<ResetBody>,
) -> Result<Response, Problem> {
    let (purpose, kind) = (body.r#type.into(), SessionKind::Bearer);
    Ok(match reset_password(&ctx, &app, &caller, purpose, &body.code, &body.password, kind).await? {
        Reset::Done => StatusCode::NO_CONTENT.into_response(),
        Reset::FirstPassword(outcome) => outcome.for_program(),
    })
}
