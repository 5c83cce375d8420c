//! `/api/auth/passkeys/…` for logins and proofs, `/api/account/passkeys/…` for the passkeys of an account.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, patch, post};
use http::{HeaderMap, StatusCode};
use kernel::SystemReason;
use platform::http::{Anyone, Json, Member, Path};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ceremony::{CeremonyBody, begin_proof, begin_registration};
use super::manage::{remove_passkey, rename_passkey};
use super::model::{Passkey, PasskeyAnswer, PasskeyId, Purpose};
use super::prove::{log_in_with_passkey, prove_with_passkey};
use super::queries::list_passkeys;
use super::register::register_passkey;
use crate::auth::model::AccessBody;
use crate::responses::private_json;
use crate::second_factor::complete::{challenge_ended, find_challenge};
use crate::session_cookies::AuthCookie;
use crate::sessions::caller::Caller;
use crate::sessions::model::SessionKind;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/passkeys/options", post(options))
        .route("/api/auth/passkeys/login", post(log_in))
        .route("/api/auth/passkeys/prove", post(prove_again))
        .route("/api/account/passkeys/options", post(registration_options))
        .route("/api/account/passkeys", get(list).post(add))
        .route("/api/account/passkeys/{id}", patch(rename).delete(remove))
}

/// What a proof by a passkey is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProofPurpose {
    /// A login by a passkey alone.
    #[default]
    LogIn,
    /// The second factor of a login.
    SecondFactor,
    /// A new proof of identity in a session.
    Prove,
}

/// The ceremony to begin.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct OptionsBody {
    /// The purpose; a login when it is left out.
    #[serde(default)]
    purpose: ProofPurpose,
    /// The login challenge for the purpose `second_factor`; a browser has it in a cookie.
    challenge: Option<String>,
}

/// The answer to a ceremony.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct CredentialBody {
    /// The ceremony's token.
    ceremony: String,
    /// The result of `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Object)]
    credential: Value,
}

/// A new passkey.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct NewPasskeyBody {
    /// The ceremony's token.
    ceremony: String,
    /// The result of `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Object)]
    credential: Value,
    /// Its name; numbered when it is left out.
    #[serde(default)]
    name: String,
}

/// A new name.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct NameBody {
    /// 60 characters at most.
    name: String,
}

/// The passkeys of an account.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct PasskeysBody {
    items: Vec<Passkey>,
}

/// A passkey that was added.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddedBody {
    passkey: Passkey,
    /// Recovery codes, which are shown once; empty when the account has some already.
    recovery_codes: Vec<String>,
}

/// Begins a proof by a passkey.
#[utoipa::path(post, path = "/api/auth/passkeys/options", tag = "auth", request_body = OptionsBody,
    responses((status = 200, body = CeremonyBody), (status = 401, description = "unauthorized, challenge_ended"),
              (status = 404, description = "not_found: no passkeys at this address"),
              (status = 429, description = "too_many_requests")))]
pub(super) async fn options(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<OptionsBody>,
) -> Result<Response, Problem> {
    let (purpose, user_id) = match body.purpose {
        ProofPurpose::LogIn => (Purpose::LogIn, None),
        ProofPurpose::SecondFactor => {
            let token = body.challenge.as_deref().or_else(|| AuthCookie::Challenge.read(&app.config, &headers));
            let found = find_challenge(&ctx, &app, token.unwrap_or_default()).await?;
            let (user_id, _) = found.ok_or_else(challenge_ended)?;
            (Purpose::SecondFactor, Some(user_id))
        }
        ProofPurpose::Prove => (Purpose::Prove, Some(ctx.user_id().ok_or_else(Problem::unauthorized)?)),
    };
    Ok(private_json(begin_proof(&ctx, &app, purpose, user_id, &caller.address_key()).await?))
}

/// Starts a session for a program by a passkey alone.
#[utoipa::path(post, path = "/api/auth/passkeys/login", tag = "auth", request_body = CredentialBody,
    responses((status = 200, body = AccessBody), (status = 401, description = "passkey_refused")))]
pub(super) async fn log_in(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<CredentialBody>,
) -> Result<Response, Problem> {
    let credential = body.credential.to_string();
    let answer = PasskeyAnswer { ceremony: &body.ceremony, credential: credential.as_bytes() };
    Ok(log_in_with_passkey(&ctx, &app, answer, SessionKind::Bearer, &caller).await?.for_program())
}

/// Proves the identity of the actor again; the proof counts as recent for ten minutes.
#[utoipa::path(post, path = "/api/auth/passkeys/prove", tag = "auth", request_body = CredentialBody,
    responses((status = 204), (status = 401, description = "unauthorized, passkey_refused")))]
pub(super) async fn prove_again(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Json(body): Json<CredentialBody>,
) -> Result<StatusCode, Problem> {
    let credential = body.credential.to_string();
    let answer = PasskeyAnswer { ceremony: &body.ceremony, credential: credential.as_bytes() };
    prove_with_passkey(&ctx, &app, answer, SessionKind::Bearer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins the registration of a passkey.
#[utoipa::path(post, path = "/api/account/passkeys/options", tag = "account",
    responses((status = 200, body = CeremonyBody), (status = 403, description = "reauthentication_required"),
              (status = 404, description = "not_found: no passkeys at this address"),
              (status = 409, description = "too_many_passkeys")))]
pub(super) async fn registration_options(
    State(app): State<App>,
    Member { ctx, .. }: Member,
) -> Result<Response, Problem> {
    Ok(private_json(begin_registration(&ctx, &app).await?))
}

/// The passkeys of the account, the oldest first.
#[utoipa::path(get, path = "/api/account/passkeys", tag = "account",
    responses((status = 200, body = PasskeysBody), (status = 401, description = "unauthorized")))]
pub(super) async fn list(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let items = list_passkeys(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    Ok(private_json(PasskeysBody { items }))
}

/// Adds the passkey that an authenticator created.
#[utoipa::path(post, path = "/api/account/passkeys", tag = "account", request_body = NewPasskeyBody,
    responses((status = 201, body = AddedBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "passkey_known"), (status = 422, description = "passkey_refused")))]
pub(super) async fn add(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Json(body): Json<NewPasskeyBody>,
) -> Result<Response, Problem> {
    let credential = body.credential.to_string();
    let answer = PasskeyAnswer { ceremony: &body.ceremony, credential: credential.as_bytes() };
    let (passkey, added) = register_passkey(&ctx, &app, answer, &body.name, SessionKind::Bearer).await?;
    let body = AddedBody { passkey, recovery_codes: added.codes };
    Ok((StatusCode::CREATED, private_json(body)).into_response())
}

/// Renames a passkey.
#[utoipa::path(patch, path = "/api/account/passkeys/{id}", tag = "account", request_body = NameBody,
    responses((status = 204), (status = 404, description = "not_found"), (status = 422, description = "invalid_input")))]
pub(super) async fn rename(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Path(id): Path<PasskeyId>,
    Json(body): Json<NameBody>,
) -> Result<StatusCode, Problem> {
    rename_passkey(&ctx, &app, id, &body.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a passkey.
#[utoipa::path(delete, path = "/api/account/passkeys/{id}", tag = "account",
    responses((status = 204), (status = 403, description = "reauthentication_required"),
              (status = 404, description = "not_found"), (status = 409, description = "last_login_method")))]
pub(super) async fn remove(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Path(id): Path<PasskeyId>,
) -> Result<StatusCode, Problem> {
    remove_passkey(&ctx, &app, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
