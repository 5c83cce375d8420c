//! `POST /api/auth/verification`, `POST /api/auth/verification/confirm`.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::StatusCode;
use platform::http::{Anyone, Json, Member};
use platform::{App, Problem};
use serde::Deserialize;

use super::send::send_again;
use super::verify::verify;
use crate::sessions::caller::Caller;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/verification", post(send_api))
        .route("/api/auth/verification/confirm", post(confirm_api))
}

/// A code from a mail.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = VerificationCodeBody)]
pub(super) struct CodeBody {
    /// The parameter `code` of the link.
    code: String,
}

/// Sends the mail with the link again.
#[utoipa::path(post, path = "/api/auth/verification", tag = "auth",
    responses((status = 202), (status = 401, description = "unauthorized"), (status = 429, description = "too_many_requests")))]
pub(super) async fn send_api(State(app): State<App>, member: Member) -> Result<StatusCode, Problem> {
    send_again(&app, &member).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Verifies the address of an account.
#[utoipa::path(post, path = "/api/auth/verification/confirm", tag = "auth", request_body = CodeBody,
    responses((status = 204), (status = 404, description = "link_unknown"),
              (status = 410, description = "link_used, link_expired")))]
pub(super) async fn confirm_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<CodeBody>,
) -> Result<StatusCode, Problem> {
    verify(&ctx, &app, &caller, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}
