//! `POST /api/auth/signup`, `POST /api/auth/login`, `GET /api/auth/me`, `POST /api/auth/logout`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::StatusCode;
use kernel::SystemReason;
use platform::http::{Anyone, Json, Member};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};

use super::log_in::{log_in, sign_up_and_log_in};
use super::model::{AccessBody, Credentials, UserBody};
use crate::responses::private_json;
use crate::session_cookies::AuthCookie;
use crate::sessions::caller::Caller;
use crate::sessions::lifecycle::end_session;
use crate::sessions::model::SessionKind;
use crate::users::queries::account;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/signup", post(sign_up))
        .route("/api/auth/login", post(log_in_api))
        .route("/api/auth/me", get(me))
        .route("/api/auth/logout", post(log_out))
}

/// A new account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignUpBody {
    /// The mail address.
    email: String,
    /// 15 characters or more.
    password: String,
    /// The name shown to others, 60 characters at most.
    display_name: String,
}

/// The credentials of a login.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct LogInBody {
    /// The mail address.
    email: String,
    /// The password.
    password: String,
}

/// The account of the request.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct MeBody {
    user: UserBody,
}

/// Creates an account and starts a session for a program.
#[utoipa::path(post, path = "/api/auth/signup", tag = "auth", request_body = SignUpBody,
    responses((status = 201, body = AccessBody), (status = 409, description = "email_taken"),
              (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
pub(super) async fn sign_up(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<SignUpBody>,
) -> Result<Response, Problem> {
    let credentials = Credentials { email: &body.email, password: &body.password, caller: &caller };
    let logged_in = sign_up_and_log_in(&ctx, &app, credentials, &body.display_name, SessionKind::Bearer).await?;
    Ok((StatusCode::CREATED, private_json(AccessBody::from(logged_in))).into_response())
}

/// Starts a session for a program.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", request_body = LogInBody,
    responses((status = 200, body = AccessBody),
              (status = 401, description = "wrong_credentials; second_factor_required with challenge, methods, expiresAt"),
              (status = 429, description = "too_many_requests")))]
pub(super) async fn log_in_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<LogInBody>,
) -> Result<Response, Problem> {
    let credentials = Credentials { email: &body.email, password: &body.password, caller: &caller };
    Ok(log_in(&ctx, &app, credentials, SessionKind::Bearer).await?.for_program())
}

/// The account of the request.
#[utoipa::path(get, path = "/api/auth/me", tag = "auth",
    responses((status = 200, body = MeBody), (status = 401, description = "unauthorized")))]
pub(super) async fn me(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = account(&mut tx, member.user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    tx.commit().await?;
    Ok(private_json(MeBody { user: account.into() }))
}

/// Ends the session of the request.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth",
    responses((status = 204), (status = 401, description = "unauthorized")))]
pub(super) async fn log_out(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    end_session(&member.ctx, &mut tx, member.user.session_id).await?;
    tx.commit().await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    AuthCookie::Session.clear(&app.config, &mut response);
    Ok(response)
}
