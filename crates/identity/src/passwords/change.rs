//! Somebody who is logged in chooses another password.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::http::{Json, Member};
use platform::{App, Problem, audit};
use serde::Deserialize;
use serde_json::json;

use super::{NewPassword, hash, store};
use crate::auth::session_cookies::set_session;
use crate::one_time_links::{LinkPurpose, revoke_all};
use crate::reauthentication::check_password;
use crate::sessions::{self, Caller, Factor, SessionKind, StartedSession};
use crate::{emails, second_factor, users};

/// Sets another password for whoever acts and knows the present one. Every other session ends; a browser's own gets a new
/// secret, which is answered.
///
/// # Errors
/// 422 for `currentPassword` or `password`, 429, 503.
pub async fn change(
    ctx: &Ctx,
    app: &App,
    caller: &Caller,
    current: &str,
    new: &str,
) -> Result<Option<StartedSession>, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = users::account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    let has_second_factor = second_factor::factors(&mut tx, user.user_id).await?.is_on();
    tx.commit().await?;
    let about = [account.email.as_str(), account.display_name.as_str()];
    let wanted = NewPassword { text: new, about: &about, has_second_factor };
    wanted.check().map_err(|fault| Problem::invalid(vec![fault]))?;
    check_password(ctx, app, caller, &account, current, "currentPassword").await?;
    let new_hash = hash(ctx.random(), new).await?;

    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    store(&mut tx, account.id, &new_hash, ctx.now()).await?;
    sessions::end_others(ctx, &mut tx, account.id, Some(user.session_id)).await?;
    revoke_all(ctx, &mut tx, account.id, &[LinkPurpose::Recovery, LinkPurpose::SetPassword]).await?;
    let session = match caller.kind {
        SessionKind::Cookie => sessions::rotate(ctx, &mut tx, user.session_id, Some(Factor::Password)).await?,
        SessionKind::Bearer => {
            sessions::note_proof(ctx, &mut tx, user.session_id, Factor::Password).await?;
            None
        }
    };
    audit::record(ctx, &mut tx, "users.change_password", "user", Some(account.id.uuid()), &json!({})).await?;
    emails::post(
        ctx,
        &mut tx,
        &account,
        format!("password-changed/{}", ctx.request_id),
        "password-changed",
        ui::Args::default(),
    )
    .await?;
    tx.commit().await?;
    Ok(session)
}

/// `POST /api/auth/password`.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/auth/password", post(change_api))
}

/// The present password and the next.
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
    let session = change(&member.ctx, &app, &caller, &body.current_password, &body.password).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(session) = session {
        set_session(&app.config, &mut response, &session);
    }
    Ok(response)
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(change_api))]
struct Described;

/// The OpenAPI description of changing a password.
pub fn described() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}
