//! `POST|DELETE /api/account/email`, `POST /api/account/email/confirm`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use kernel::SystemReason;
use platform::http::{Anyone, Json, Member};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};

use super::pages::take_try;
use super::{Confirmed, cancel, confirm, request};
use crate::auth::api::private;
use crate::one_time_links::LinkPurpose;
use crate::sessions::Caller;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/account/email", post(request_api).delete(cancel_api))
        .route("/api/account/email/confirm", post(confirm_api))
}

/// The address that somebody wants.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct NewEmailBody {
    /// Another mail address.
    email: String,
}

/// A code from a mail.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct EmailCodeBody {
    /// As the link carries it.
    code: String,
    /// As the link carries it: `change_email_old` or `change_email_new`.
    r#type: String,
}

/// How far the change is.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmailChangeBody {
    /// Whether the account has its new address.
    is_done: bool,
}

/// Asks for another mail address; a mail goes to both. The answer is the same for every address.
#[utoipa::path(post, path = "/api/account/email", tag = "account", request_body = NewEmailBody,
    responses((status = 202), (status = 403, description = "reauthentication_required"),
              (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
pub(super) async fn request_api(
    State(app): State<App>,
    member: Member,
    Json(body): Json<NewEmailBody>,
) -> Result<StatusCode, Problem> {
    super::pages::take_mail(&member, &app).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    request(&member.ctx, &mut tx, &app, &body.email).await?;
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Gives up the change.
#[utoipa::path(delete, path = "/api/account/email", tag = "account", responses((status = 204)))]
pub(super) async fn cancel_api(State(app): State<App>, member: Member) -> Result<StatusCode, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    cancel(&member.ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Agrees to the change from one of the mailboxes.
#[utoipa::path(post, path = "/api/account/email/confirm", tag = "account", request_body = EmailCodeBody,
    responses((status = 200, body = EmailChangeBody), (status = 404, description = "link_unknown"),
              (status = 409, description = "email_taken"), (status = 410, description = "link_used, link_expired")))]
pub(super) async fn confirm_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<EmailCodeBody>,
) -> Result<Response, Problem> {
    take_try(&ctx, &app, &caller).await?;
    let purpose = match body.r#type.as_str() {
        "change_email_new" => LinkPurpose::ChangeEmailNew,
        _ => LinkPurpose::ChangeEmailOld,
    };
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let confirmed = confirm(&ctx, &mut tx, &body.code, purpose).await?;
    tx.commit().await?;
    Ok(private(EmailChangeBody { is_done: confirmed == Confirmed::Done }).into_response())
}
