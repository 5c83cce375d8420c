//! `POST /api/auth/second-factor`, `GET /api/account/second-factors`, `/api/account/recovery-codes`, `/api/account/totp`.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::StatusCode;
use kernel::SystemReason;
use platform::http::{Anyone, Json, Member};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change::renew_recovery_codes;
use super::complete::complete_with_code;
use super::queries::factors;
use crate::auth::model::AccessBody;
use crate::passkeys::model::PasskeyAnswer;
use crate::passkeys::prove::complete_with_answer;
use crate::responses::private_json;
use crate::sessions::caller::Caller;
use crate::sessions::model::SessionKind;
use crate::totp::set_up::{begin_set_up, confirm_set_up, remove_app};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/second-factor", post(complete))
        .route("/api/account/second-factors", get(show))
        .route("/api/account/recovery-codes", post(renew_codes))
        .route("/api/account/totp", post(begin_totp).delete(remove_totp))
        .route("/api/account/totp/confirm", post(confirm_totp))
}

/// The second factor: a code, or the answer to a passkey ceremony of the purpose `second_factor`.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct SecondFactorBody {
    /// The challenge from the answer `second_factor_required`.
    challenge: String,
    /// Six digits of an authenticator app, or a recovery code.
    code: Option<String>,
    /// The token of the passkey ceremony.
    ceremony: Option<String>,
    /// The result of `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Option<Object>)]
    credential: Option<Value>,
}

/// The second factors of the account.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FactorsBody {
    /// Whether a login needs a second factor.
    is_on: bool,
    /// Whether an authenticator app is set up.
    totp: bool,
    /// The number of passkeys.
    passkeys: i64,
    /// The number of unused recovery codes.
    recovery_codes: i64,
}

/// The secret for an authenticator app.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnrolmentBody {
    /// The secret in base32.
    secret: String,
    /// The same as an `otpauth://` URL, for a QR code.
    address: String,
}

/// The first code of an authenticator app.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct CodeBody {
    /// Six digits.
    code: String,
}

/// Recovery codes, which are shown once.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodesBody {
    /// Ten codes; empty when the account has some already.
    recovery_codes: Vec<String>,
}

/// Completes a login that was answered with `second_factor_required`.
#[utoipa::path(post, path = "/api/auth/second-factor", tag = "auth", request_body = SecondFactorBody,
    responses((status = 200, body = AccessBody),
              (status = 401, description = "wrong_code, passkey_refused, challenge_ended"),
              (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
pub(super) async fn complete(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<SecondFactorBody>,
) -> Result<Response, Problem> {
    let logged_in = match (&body.code, &body.ceremony, &body.credential) {
        (Some(code), _, _) => complete_with_code(&ctx, &app, &body.challenge, code, &caller).await?,
        (None, Some(ceremony), Some(credential)) => {
            let credential = credential.to_string();
            let answer = PasskeyAnswer { ceremony, credential: credential.as_bytes() };
            complete_with_answer(&ctx, &app, &body.challenge, answer, &caller).await?
        }
        (None, _, _) => return Err(Problem::invalid_field("code", "required")),
    };
    Ok(private_json(AccessBody::from(logged_in)))
}

/// The second factors of the account.
#[utoipa::path(get, path = "/api/account/second-factors", tag = "account",
    responses((status = 200, body = FactorsBody), (status = 401, description = "unauthorized")))]
pub(super) async fn show(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let factors = factors(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    Ok(private_json(FactorsBody {
        is_on: factors.is_on(),
        totp: factors.has_totp,
        passkeys: factors.passkeys,
        recovery_codes: factors.recovery_codes,
    }))
}

/// Draws ten new recovery codes in place of the old ones.
#[utoipa::path(post, path = "/api/account/recovery-codes", tag = "account",
    responses((status = 200, body = CodesBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "second_factor_is_off")))]
pub(super) async fn renew_codes(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    Ok(private_json(CodesBody { recovery_codes: renew_recovery_codes(&ctx, &app).await? }))
}

/// Draws the secret of an authenticator app. It takes effect when its first code is confirmed.
#[utoipa::path(post, path = "/api/account/totp", tag = "account",
    responses((status = 201, body = EnrolmentBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "totp_is_on")))]
pub(super) async fn begin_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    let enrolment = begin_set_up(&ctx, &app).await?;
    let body = EnrolmentBody { secret: enrolment.secret.replace(' ', ""), address: enrolment.address };
    Ok((StatusCode::CREATED, private_json(body)).into_response())
}

/// Confirms the secret of an authenticator app by its first code.
#[utoipa::path(post, path = "/api/account/totp/confirm", tag = "account", request_body = CodeBody,
    responses((status = 200, body = CodesBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "totp_not_begun"), (status = 422, description = "invalid_input: wrong_code"),
              (status = 429, description = "too_many_requests")))]
pub(super) async fn confirm_totp(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Json(body): Json<CodeBody>,
) -> Result<Response, Problem> {
    let added = confirm_set_up(&ctx, &app, &body.code, SessionKind::Bearer).await?;
    Ok(private_json(CodesBody { recovery_codes: added.codes }))
}

/// Removes the authenticator app.
#[utoipa::path(delete, path = "/api/account/totp", tag = "account",
    responses((status = 204), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "totp_is_off")))]
pub(super) async fn remove_totp(State(app): State<App>, Member { ctx, .. }: Member) -> Result<StatusCode, Problem> {
    remove_app(&ctx, &app).await?;
    Ok(StatusCode::NO_CONTENT)
}
