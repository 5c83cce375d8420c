//! `POST /api/auth/reauthenticate`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use platform::http::{Json, Member};
use platform::{App, Problem};
use serde::Deserialize;

use super::prove::prove_by_password;
use crate::session_cookies::set_session;
use crate::sessions::caller::Caller;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/auth/reauthenticate", post(prove_api))
}

/// A proof of identity.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct ProofBody {
    /// The password of the account.
    password: String,
}

/// Proves the identity of the actor again; the proof counts as recent for ten minutes.
#[utoipa::path(post, path = "/api/auth/reauthenticate", tag = "auth", request_body = ProofBody,
    responses((status = 204), (status = 401, description = "unauthorized"), (status = 422, description = "invalid_input"),
              (status = 429, description = "too_many_requests")))]
pub(super) async fn prove_api(
    State(app): State<App>,
    member: Member,
    caller: Caller,
    Json(body): Json<ProofBody>,
) -> Result<Response, Problem> {
    let session = prove_by_password(&member.ctx, &app, &caller, &body.password, "password").await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_session(&app.config, &mut response, session.as_ref());
    Ok(response)
}
