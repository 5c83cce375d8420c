//! `POST /api/auth/signup`, `POST /api/auth/login`, `GET /api/auth/me`, `POST /api/auth/logout`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json as JsonBody, Router};
use http::{StatusCode, header};
use kernel::{Role, SystemReason, UserId};
use platform::http::{Anyone, HoldsSecret, Json, Member};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::log_in::{Credentials, LoggedIn, log_in, sign_up_and_log_in};
use super::session_cookies::forget_session;
use crate::sessions::{self, Caller, SessionKind};
use crate::users::{self, Account};

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
pub struct SignUpBody {
    /// The mail address.
    email: String,
    /// 15 characters or more.
    password: String,
    /// The name shown to others, 60 characters at most.
    display_name: String,
}

/// Proof of who somebody is.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct LogInBody {
    /// The mail address.
    email: String,
    /// The password.
    password: String,
}

/// A person, to themselves.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserBody {
    id: UserId,
    email: String,
    display_name: String,
    role: Role,
    /// Whether mail was shown to reach the address.
    email_verified: bool,
}

/// A person.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MeBody {
    user: UserBody,
}

/// A person and the token with which a program speaks for them.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessBody {
    user: UserBody,
    /// For `Authorization: Bearer`.
    access_token: String,
    /// When the token ends at the latest.
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

impl From<Account> for UserBody {
    fn from(account: Account) -> Self {
        let email_verified = account.is_verified();
        Self {
            id: account.id,
            email: account.email,
            display_name: account.display_name,
            role: account.role,
            email_verified,
        }
    }
}

pub(crate) fn access(entered: LoggedIn) -> AccessBody {
    AccessBody {
        user: entered.account.into(),
        access_token: entered.session.token.reveal().to_owned(),
        expires_at: entered.session.expires_at,
    }
}

/// Makes an account.
#[utoipa::path(post, path = "/api/auth/signup", tag = "auth", request_body = SignUpBody,
    responses((status = 201, body = AccessBody), (status = 409, description = "email_taken"),
              (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
pub async fn sign_up(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<SignUpBody>,
) -> Result<Response, Problem> {
    let credentials = Credentials { email: &body.email, password: &body.password, caller: &caller };
    let entered = sign_up_and_log_in(&ctx, &app, credentials, &body.display_name, SessionKind::Bearer).await?;
    Ok((StatusCode::CREATED, private(access(entered))).into_response())
}

/// Begins a session for a program.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", request_body = LogInBody,
    responses((status = 200, body = AccessBody),
              (status = 401, description = "wrong_credentials; second_factor_required with challenge, methods, expiresAt"),
              (status = 429, description = "too_many_requests")))]
pub async fn log_in_api(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<LogInBody>,
) -> Result<Response, Problem> {
    let credentials = Credentials { email: &body.email, password: &body.password, caller: &caller };
    Ok(log_in(&ctx, &app, credentials, SessionKind::Bearer).await?.for_program())
}

/// Who asks.
#[utoipa::path(get, path = "/api/auth/me", tag = "auth",
    responses((status = 200, body = MeBody), (status = 401, description = "unauthorized")))]
pub async fn me(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = users::account(&mut tx, member.user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    tx.commit().await?;
    Ok(private(MeBody { user: account.into() }).into_response())
}

/// Ends the session that asks.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth",
    responses((status = 204), (status = 401, description = "unauthorized")))]
pub async fn log_out(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    sessions::end(&member.ctx, &mut tx, member.user.session_id).await?;
    tx.commit().await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    forget_session(&app.config, &mut response);
    Ok(response)
}

/// Secrets and personal data are not for any cache, nor for the memory of repeated requests.
pub(crate) fn private<T>(body: T) -> (Extension<HoldsSecret>, [(header::HeaderName, &'static str); 1], JsonBody<T>) {
    (Extension(HoldsSecret), [(header::CACHE_CONTROL, "no-store")], JsonBody(body))
}
