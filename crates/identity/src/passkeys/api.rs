//! `/api/auth/passkeys/…` for who comes in, `/api/account/passkeys/…` for who is in.

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

use super::ceremony::{Begun, begin_proof, begin_registration};
use super::model::{Passkey, PasskeyId, Purpose};
use super::prove::Answered;
use super::{manage, prove, register};
use crate::auth::api::private;
use crate::second_factor;
use crate::sessions::{Caller, SessionKind};

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
pub enum ProofPurpose {
    /// A log-in by a passkey alone.
    #[default]
    LogIn,
    /// The second proof of a log-in.
    SecondFactor,
    /// Somebody who is logged in proves again who they are.
    Prove,
}

/// A ceremony to be begun.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct OptionsBody {
    /// What for; a log-in when nothing is said.
    #[serde(default)]
    purpose: ProofPurpose,
    /// The challenge of the log-in that lacks its second proof; a browser has it in a cookie.
    challenge: Option<String>,
}

/// An answer to a ceremony.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct CredentialBody {
    /// The ceremony's token.
    ceremony: String,
    /// What `PublicKeyCredential.toJSON()` says.
    #[schema(value_type = Object)]
    credential: Value,
}

/// A new passkey.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct NewPasskeyBody {
    /// The ceremony's token.
    ceremony: String,
    /// What `PublicKeyCredential.toJSON()` says.
    #[schema(value_type = Object)]
    credential: Value,
    /// What its owner calls it; a number when nothing is said.
    #[serde(default)]
    name: String,
}

/// Another name.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct NameBody {
    /// 60 characters at most.
    name: String,
}

/// The passkeys of an account.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PasskeysBody {
    items: Vec<Passkey>,
}

/// A passkey that was just added.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddedBody {
    passkey: Passkey,
    /// Shown once, when the account had none.
    recovery_codes: Vec<String>,
}

/// Begins a proof by a passkey.
#[utoipa::path(post, path = "/api/auth/passkeys/options", tag = "auth", request_body = OptionsBody,
    responses((status = 200, body = Begun), (status = 401, description = "unauthorized, challenge_ended"),
              (status = 404, description = "not_found: no passkeys at this address"),
              (status = 429, description = "too_many_requests")))]
pub async fn options(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<OptionsBody>,
) -> Result<Response, Problem> {
    let (purpose, user_id) = match body.purpose {
        ProofPurpose::LogIn => (Purpose::LogIn, None),
        ProofPurpose::SecondFactor => {
            let owner = second_factor::challenge_owner(&ctx, &app, body.challenge.as_deref(), &headers).await?;
            (Purpose::SecondFactor, Some(owner))
        }
        ProofPurpose::Prove => (Purpose::Prove, Some(ctx.user_id().ok_or_else(Problem::unauthorized)?)),
    };
    let begun = begin_proof(&ctx, &app, purpose, user_id, &caller.address_key()).await?;
    Ok(private(begun).into_response())
}

/// Begins a session for a program, by a passkey alone.
#[utoipa::path(post, path = "/api/auth/passkeys/login", tag = "auth", request_body = CredentialBody,
    responses((status = 200, body = crate::auth::api::AccessBody), (status = 401, description = "passkey_refused")))]
pub async fn log_in(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Json(body): Json<CredentialBody>,
) -> Result<Response, Problem> {
    let credential = body.credential.to_string();
    let answered = Answered { ceremony: &body.ceremony, credential: credential.as_bytes() };
    Ok(prove::log_in(&ctx, &app, answered, SessionKind::Bearer, &caller).await?.for_program())
}

/// Proves again who somebody is who is logged in already; what is delicate may be done for ten minutes then.
#[utoipa::path(post, path = "/api/auth/passkeys/prove", tag = "auth", request_body = CredentialBody,
    responses((status = 204), (status = 401, description = "unauthorized, passkey_refused")))]
pub async fn prove_again(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Json(body): Json<CredentialBody>,
) -> Result<StatusCode, Problem> {
    let credential = body.credential.to_string();
    let answered = Answered { ceremony: &body.ceremony, credential: credential.as_bytes() };
    prove::prove_again(&ctx, &app, answered, SessionKind::Bearer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins the registration of a passkey.
#[utoipa::path(post, path = "/api/account/passkeys/options", tag = "account",
    responses((status = 200, body = Begun), (status = 403, description = "reauthentication_required"),
              (status = 404, description = "not_found: no passkeys at this address"),
              (status = 409, description = "too_many_passkeys")))]
pub async fn registration_options(State(app): State<App>, Member { ctx, .. }: Member) -> Result<Response, Problem> {
    Ok(private(begin_registration(&ctx, &app).await?).into_response())
}

/// The passkeys of the account.
#[utoipa::path(get, path = "/api/account/passkeys", tag = "account",
    responses((status = 200, body = PasskeysBody), (status = 401, description = "unauthorized")))]
pub async fn list(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let items = manage::list(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    Ok(private(PasskeysBody { items }).into_response())
}

/// Keeps the passkey that an authenticator made.
#[utoipa::path(post, path = "/api/account/passkeys", tag = "account", request_body = NewPasskeyBody,
    responses((status = 201, body = AddedBody), (status = 403, description = "reauthentication_required"),
              (status = 409, description = "passkey_known"), (status = 422, description = "passkey_refused")))]
pub async fn add(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Json(body): Json<NewPasskeyBody>,
) -> Result<Response, Problem> {
    let credential = body.credential.to_string();
    let answer = (body.ceremony.as_str(), credential.as_bytes());
    let (passkey, renewed) = register::register(&ctx, &app, answer, &body.name, SessionKind::Bearer).await?;
    let added = AddedBody { passkey, recovery_codes: renewed.codes };
    Ok((StatusCode::CREATED, private(added)).into_response())
}

/// Gives a passkey another name.
#[utoipa::path(patch, path = "/api/account/passkeys/{id}", tag = "account", request_body = NameBody,
    responses((status = 204), (status = 404, description = "not_found"), (status = 422, description = "invalid_input")))]
pub async fn rename(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Path(id): Path<PasskeyId>,
    Json(body): Json<NameBody>,
) -> Result<StatusCode, Problem> {
    manage::rename(&ctx, &app, id, &body.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a passkey away.
#[utoipa::path(delete, path = "/api/account/passkeys/{id}", tag = "account",
    responses((status = 204), (status = 403, description = "reauthentication_required"),
              (status = 404, description = "not_found"), (status = 409, description = "last_way_in")))]
pub async fn remove(
    State(app): State<App>,
    Member { ctx, .. }: Member,
    Path(id): Path<PasskeyId>,
) -> Result<StatusCode, Problem> {
    manage::remove(&ctx, &app, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
