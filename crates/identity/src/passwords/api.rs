//! `POST /api/auth/password`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use platform::http::{Json, Member};
use platform::{App, Problem};
use serde::Deserialize;

use super::change::change_password;
use crate::session_cookies::set_session;
use crate::sessions::caller::Caller;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/auth/password", post(change_api))
}

/// The present password and the new one.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangePasswordBody {
    /// The present password.
    current_password: String,
    /// The new one: 15 characters or more, 8 beside a second factor.
    password: String,
}

/// Changes the password; every other session ends.
#[utoipa::path(post, path = "/api/auth/password", tag = "auth", request_body = ChangePasswordBody,
    responses((status = 204), (status = 401, description = "unauthorized"), (status = 422, description = "invalid_input"),
              (status = 429, description = "too_many_requests")))]
pub(super) async fn change_api(
    State(app): State<App>,
    member: Member,
    caller: Caller,
    Json(body): Json<ChangePasswordBody>,
) -> Result<Response, Problem> {
    let session = change_password(&member.ctx, &app, &caller, &body.current_password, &body.password).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_session(&app.config, &mut response, session.as_ref());
    Ok(response)
}
