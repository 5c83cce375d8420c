//! `POST /api/auth/second-factor` completes a log-in; `/api/account/…` says what is set up and changes it.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use kernel::{Ctx, SystemReason, UserId};
use platform::http::{Anyone, Json, Member, cookies};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change::renew_recovery_codes;
use super::complete::{complete_with_code, ended, look};
use super::enter::challenge_cookie;
use super::factors;
use crate::auth::api::{AccessBody, access, private};
use crate::passkeys::{self, Answered};
use crate::sessions::{Caller, SessionKind};
use crate::totp;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/second-factor", post(complete))
        .route("/api/account/second-factors", get(show))
        .route("/api/account/recovery-codes", post(renew_codes))
        .route("/api/account/totp", post(begin_totp).delete(remove_totp))
        .route("/api/account/totp/confirm", post(confirm_totp))
}

/// The second proof: a code, or an answer to a ceremony of the purpose `second_factor`.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct SecondFactorBody {
    /// The challenge that the first proof was answered with.
    challenge: String,
    /// Six digits of an authenticator app, or a recovery code.
    code: Option<String>,
    /// The token of a passkey's ceremony.
    ceremony: Option<String>,
    /// What `PublicKeyCredential.toJSON()` says.
    #[schema(value_type = Option<Object>)]
    credential: Option<Value>,
}

/// What an account has besides its password.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FactorsBody {
    /// Whether a password alone does not open the account.
    is_on: bool,
    /// Whether an authenticator app is set up.
    totp: bool,
    /// How many passkeys there are.
    passkeys: i64,
    /// How many recovery codes are unused.
    recovery_codes: i64,
}

/// What an authenticator app needs.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentBody {
    /// The secret in base32.
    secret: String,
    /// The same as an `otpauth://` address, for a QR code.
    address: String,
}

/// The first code of an app.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct CodeBody {
    /// Six digits.
    code: String,
}

/// Codes that are shown once.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodesBody {
    /// Ten; none when the account has some already.
    recovery_codes: Vec<String>,
}

/// Whose challenge this is: the one of the body, else the one of the browser's cookie.
///
/// # Errors
/// 401 `challenge_ended`.
pub(crate) async fn challenge_owner(
    ctx: &Ctx,
    app: &App,
    given: Option<&str>,
    headers: &HeaderMap,
) -> Result<UserId, Problem> {
    let token = given.or_else(|| cookies::get(headers, challenge_cookie(app))).ok_or_else(ended)?;
    look(ctx, app, token).await?.map(|(owner, _)| owner).ok_or_else(ended)
}

/// Completes a log-in that was answered with `second_factor_required`.
#[utoipa::path(post, path = "/api/auth/second-factor", tag = "auth", request_body = SecondFactorBody,
    responses((status = 200, body = AccessBody),
              (status = 401, description = "wrong_code, passkey_refused, challenge_ended"),
              (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
pub async fn complete(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<SecondFactorBody>,
) -> Result<Response, Problem> {
    let entered = match (&body.code, &body.ceremony, &body.credential) {
        (Some(code), _, _) => complete_with_code(&ctx, &app, &body.challenge, code, &caller).await?,
        (None, Some(ceremony), Some(credential)) => {
            let credential = credential.to_string();
            let answered = Answered { ceremony, credential: credential.as_bytes() };
            passkeys::complete(&ctx, &app, &body.challenge, answered, &caller).await?
        }
        (None, _, _) => return Err(Problem::invalid_field("code", "required")),
    };
    Ok(private(access(entered)).into_response())
}

/// What the account has besides its password.
#[utoipa::path(get, path = "/api/account/second-factors", tag = "account",
    responses((status = 200, body = FactorsBody), (status = 401, description = "unauthorized")))]
pub async fn show(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let factors = factors(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    let body = FactorsBody {
        is_on: factors.is_on(),
        totp: factors.has_totp,
        passkeys: factors.passkeys,
        recovery_codes: factors.recovery_codes,
    };
    Ok(private(body).into_response())
}

/// Draws ten new recovery codes in place of the old ones.
#[utoipa::path(post, path = "/api/account/recovery-codes", tag = "account",
    responses((status = 200, body = CodesBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "second_factor_is_off")))]
pub async fn renew_codes(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    let recovery_codes = renew_recovery_codes(&ctx, &app).await?;
    Ok(private(CodesBody { recovery_codes }).into_response())
}

/// Draws the secret of an authenticator app, which counts once its first code was right.
#[utoipa::path(post, path = "/api/account/totp", tag = "account",
    responses((status = 201, body = EnrolmentBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "totp_is_on")))]
pub async fn begin_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    let enrolment = totp::begin(&ctx, &app).await?;
    let body = EnrolmentBody { secret: enrolment.secret.replace(' ', ""), address: enrolment.address };
    Ok((StatusCode::CREATED, private(body)).into_response())
}

/// Makes the secret count.
#[utoipa::path(post, path = "/api/account/totp/confirm", tag = "account", request_body = CodeBody,
    responses((status = 200, body = CodesBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "totp_not_begun"), (status = 422, description = "invalid_input: wrong_code"),
              (status = 429, description = "too_many_requests")))]
pub async fn confirm_totp(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Json(body): Json<CodeBody>,
) -> Result<Response, Problem> {
    let renewed = totp::confirm(&ctx, &app, &body.code, SessionKind::Bearer).await?;
    Ok(private(CodesBody { recovery_codes: renewed.codes }).into_response())
}

/// Takes the authenticator app away.
#[utoipa::path(delete, path = "/api/account/totp", tag = "account",
    responses((status = 204), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "totp_is_off")))]
pub async fn remove_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<StatusCode, Problem> {
    totp::remove(&ctx, &app).await?;
    Ok(StatusCode::NO_CONTENT)
}
