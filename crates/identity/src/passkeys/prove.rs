//! Verifies the signature of a passkey: for a login, a second factor or a new proof of identity.

use http::StatusCode;
use kernel::{Ctx, SystemReason, UserId};
use platform::{App, DatabaseError, Problem, Tx, audit};
use serde_json::json;
use webauthn_rp::AuthenticatedCredential;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::auth::{AuthenticationVerificationOptions, DiscoverableAuthenticationServerState};
use webauthn_rp::response::CredentialId;
use webauthn_rp::response::auth::DiscoverableAuthentication16;
use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::{DynamicState, StaticState};

use super::ceremony::take_ceremony;
use super::model::{PasskeyAnswer, PasskeyId, Purpose, RelyingParty, codec_error, handle_of, owner_of, refused};
use super::queries::{self, StoredPasskey};
use crate::auth::login_outcome::LoginOutcome;
use crate::auth::model::LoggedIn;
use crate::second_factor::challenge::log_in_or_challenge;
use crate::second_factor::complete::complete_with_passkey;
use crate::sessions::caller::Caller;
use crate::sessions::lifecycle::record_proof;
use crate::sessions::model::{Factor, SessionKind, StartedSession};
use crate::users::queries::account;

/// The status of an answer that is not accepted.
const REFUSED: StatusCode = StatusCode::UNAUTHORIZED;

/// Logs in the owner of a passkey. Device and user verification count as two factors.
///
/// # Errors
/// 401 `passkey_refused`, 404 where passkeys are not possible.
pub(super) async fn log_in_with_passkey(
    ctx: &Ctx,
    app: &App,
    answer: PasskeyAnswer<'_>,
    kind: SessionKind,
    caller: &Caller,
) -> Result<LoginOutcome, Problem> {
    let (mut tx, user_id) = verify(ctx, app, Purpose::LogIn, answer, None).await?;
    let account = account(&mut tx, user_id).await?.ok_or_else(|| refused(REFUSED, "the account does not exist"))?;
    let outcome = log_in_or_challenge(ctx, &mut tx, account, Factor::Passkey, kind, caller).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Completes a login whose second factor is a passkey.
///
/// # Errors
/// 401 `passkey_refused` or `challenge_ended`, 404 where passkeys are not possible.
pub(crate) async fn complete_with_answer(
    ctx: &Ctx,
    app: &App,
    challenge: &str,
    answer: PasskeyAnswer<'_>,
    caller: &Caller,
) -> Result<LoggedIn, Problem> {
    let (mut tx, user_id) = verify(ctx, app, Purpose::SecondFactor, answer, None).await?;
    let logged_in = complete_with_passkey(ctx, &mut tx, challenge, user_id, caller).await?;
    tx.commit().await?;
    Ok(logged_in)
}

/// Records a new proof of identity of the actor. A cookie session gets a new secret, which is returned.
///
/// # Errors
/// 401 `passkey_refused`, 404 where passkeys are not possible.
pub(super) async fn prove_with_passkey(
    ctx: &Ctx,
    app: &App,
    answer: PasskeyAnswer<'_>,
    kind: SessionKind,
) -> Result<Option<StartedSession>, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let (mut tx, _) = verify(ctx, app, Purpose::Prove, answer, Some(user.user_id)).await?;
    let session = record_proof(ctx, &mut tx, user.session_id, kind, Factor::Passkey).await?;
    tx.commit().await?;
    Ok(session)
}

/// Verifies an answer and stores the passkey's new counter. Returns the open transaction, for what follows, and the owner.
/// The owner must be `expected` and the account that the ceremony was begun for, where these are known.
async fn verify(
    ctx: &Ctx,
    app: &App,
    purpose: Purpose,
    answer: PasskeyAnswer<'_>,
    expected: Option<UserId>,
) -> Result<(Tx, UserId), Problem> {
    let party = RelyingParty::required(&app.config)?;
    let ceremony = take_ceremony(ctx, app, answer.ceremony, purpose).await?;
    let ceremony = ceremony.ok_or_else(|| refused(REFUSED, "no such ceremony"))?;
    let assertion =
        DiscoverableAuthentication16::from_json_relaxed(answer.credential).map_err(|error| refused(REFUSED, error))?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let stored = queries::find_locked(&mut tx, assertion.raw_id().as_ref()).await?;
    let stored = stored.ok_or_else(|| refused(REFUSED, "no such credential"))?;
    let is_owner = owner_of(assertion.response().user_handle()) == Some(stored.user_id)
        && [ceremony.user_id, expected].into_iter().flatten().all(|user_id| user_id == stored.user_id);
    if !is_owner {
        return Err(refused(REFUSED, "the credential belongs to another account"));
    }
    match verify_signature(&party, &ceremony.state, &stored, &assertion)? {
        Ok(dynamic_state) => {
            queries::record_use(&mut tx, stored.id, &dynamic_state, ctx.now()).await?;
            Ok((tx, stored.user_id))
        }
        Err(error) => {
            drop(tx);
            if matches!(error, AuthCeremonyErr::SignatureCounter) {
                record_possible_copy(ctx, app, stored.id).await?;
            }
            Err(refused(REFUSED, error))
        }
    }
}

/// Verifies signature, challenge, origin, domain, user verification and counter; returns the new counter and flags.
fn verify_signature(
    party: &RelyingParty,
    state: &[u8],
    stored: &StoredPasskey,
    assertion: &DiscoverableAuthentication16,
) -> Result<Result<[u8; 7], AuthCeremonyErr>, Problem> {
    let state = DiscoverableAuthenticationServerState::decode(state).map_err(|_| codec_error("a ceremony"))?;
    let static_state = StaticState::decode(stored.static_state.as_slice()).map_err(|_| codec_error("a key"))?;
    let dynamic_state: [u8; 7] = stored.dynamic_state.as_slice().try_into().map_err(|_| codec_error("a counter"))?;
    let dynamic_state = DynamicState::decode(dynamic_state).map_err(|_| codec_error("a counter"))?;
    let handle = handle_of(stored.user_id)?;
    let id = CredentialId::<&[u8]>::decode(assertion.raw_id().into_inner()).map_err(|_| codec_error("a credential"))?;
    let mut credential = AuthenticatedCredential::new(id, &handle, static_state, dynamic_state)
        .map_err(|_| codec_error("a credential"))?;
    let origins = [party.origin.as_str()];
    let options = AuthenticationVerificationOptions::<'_, '_, &str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    match state.verify(&party.id, assertion, &mut credential, &options) {
        Ok(_) => Ok(Ok(credential.dynamic_state().encode().map_err(|_| codec_error("a counter"))?)),
        Err(error) => Ok(Err(error)),
    }
}

/// Audits a counter that went back: there may be a copy of the key.
async fn record_possible_copy(ctx: &Ctx, app: &App, id: PasskeyId) -> Result<(), DatabaseError> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    audit::record(ctx, &mut tx, "users.passkey_counter_went_back", "passkey", Some(id.uuid()), &json!({})).await?;
    tx.commit().await
}
