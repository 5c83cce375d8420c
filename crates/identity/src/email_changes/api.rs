//! `POST|DELETE /api/account/email`, `POST /api/account/email/confirm`.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use platform::http::{Anyone, Json, Member};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};

use super::confirm::confirm_change;
use super::model::{Confirmed, purpose_of};
use super::request::{cancel_change, request_change};
use crate::responses::private_json;
use crate::sessions::caller::Caller;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/account/email", post(request_api).delete(cancel_api))
        .route("/api/account/email/confirm", post(confirm_api))
}

/// The new address.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct NewEmailBody {
    /// A mail address.
    email: String,
}

/// A code from a mail.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct EmailCodeBody {
    /// The parameter `code` of the link.
    code: String,
    /// The parameter `type` of the link: `change_email_old` or `change_email_new`.
    r#type: String,
}

/// The progress of the change.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmailChangeBody {
    /// Whether the account has its new address; otherwise the other link is still to be used.
    is_done: bool,
}

/// Requests a change of address; a mail with a link goes to both addresses. The answer is the same for every address.
#[utoipa::path(post, path = "/api/account/email", tag = "account", request_body = NewEmailBody,
    responses((status = 202), (status = 403, description = "reauthentication_required"),
              (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
pub(super) async fn request_api(
    State(app): State<App>,
    member: Member,
    Json(body): Json<NewEmailBody>,
) -> Result<StatusCode, Problem> {
    request_change(&member.ctx, &app, &body.email).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Cancels the change.
#[utoipa::path(delete, path = "/api/account/email", tag = "account", responses((status = 204)))]
pub(super) async fn cancel_api(State(app): State<App>, member: Member) -> Result<StatusCode, Problem> {
    cancel_change(&member.ctx, &app).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirms the change from one of the mailboxes.
#[utoipa::path(post, path = "/api/account/email/confirm", tag = "account", request_body = EmailCodeBody,
    responses((status = 200, body = EmailChangeBody), (status = 404, description = "link_unknown"),
              (status = 409, description = "email_taken"), (status = 410, description = "link_used, link_expired")))]
pub(super) async fn confirm_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<EmailCodeBody>,
) -> Result<Response, Problem> {
    let confirmed = confirm_change(&ctx, &app, &caller, &body.code, purpose_of(&body.r#type)).await?;
    Ok(private_json(EmailChangeBody { is_done: confirmed == Confirmed::Done }))
}
