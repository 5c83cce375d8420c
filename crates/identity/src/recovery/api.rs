//! `POST /api/auth/recovery`, `POST /api/auth/recovery/confirm`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use platform::http::{Anyone, Json};
use platform::{App, Problem};
use serde::Deserialize;

use super::{Reset, ask, reset};
use crate::auth::api::AccessBody;
use crate::one_time_links::LinkPurpose;
use crate::sessions::{Caller, SessionKind};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/auth/recovery", post(ask_api)).route("/api/auth/recovery/confirm", post(confirm_api))
}

/// Who forgot a password.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct RecoveryBody {
    /// The mail address of the account.
    email: String,
}

/// A code from a mail, and what the password is to be.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct ResetBody {
    /// As the link carries it.
    code: String,
    /// As the link carries it.
    #[serde(default)]
    r#type: ResetType,
    /// The new password.
    password: String,
}

/// For what the link was made.
#[derive(Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResetType {
    /// A new password instead of a forgotten one.
    #[default]
    Recovery,
    /// The first password of an account.
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

/// Sends a link to whoever forgot a password. The answer is the same whether or not there is such an account.
#[utoipa::path(post, path = "/api/auth/recovery", tag = "auth", request_body = RecoveryBody,
    responses((status = 202), (status = 422, description = "invalid_input"),
              (status = 429, description = "too_many_requests")))]
pub(super) async fn ask_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<RecoveryBody>,
) -> Result<StatusCode, Problem> {
    ask(&ctx, &app, &caller, &body.email).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sets a password by a link. The first password of an account begins a session as well.
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
    let done = reset(&ctx, &app, &caller, body.r#type.into(), &body.code, &body.password, SessionKind::Bearer).await?;
    Ok(match done {
        Reset::Done => StatusCode::NO_CONTENT.into_response(),
        Reset::Entered(entry) => entry.for_program(),
    })
}
