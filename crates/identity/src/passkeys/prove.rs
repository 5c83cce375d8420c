//! A passkey's signature is held against its key.

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

use super::ceremony;
use super::model::{PasskeyId, Purpose, RelyingParty, handle_of, odd, owner_of};
use super::queries::{self, Kept};
use super::register::for_the_log;
use crate::auth;
use crate::second_factor::{self, Entry};
use crate::sessions::{self, Caller, Factor, SessionKind, StartedSession};
use crate::users;

/// 401 `passkey_refused`: unknown, another's, or not signed as it should be; which of them is for the log only.
fn refused(why: impl std::fmt::Display) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "passkey_refused").because(for_the_log(why))
}

/// An answer to a ceremony: its token, and the credential as JSON.
#[derive(Clone, Copy)]
pub(crate) struct Answered<'a> {
    /// The token of the ceremony.
    pub(crate) ceremony: &'a str,
    /// What `PublicKeyCredential.toJSON()` says.
    pub(crate) credential: &'a [u8],
}

/// Begins a session for the owner of a passkey: device and user verification are two proofs in one.
///
/// # Errors
/// 401 `passkey_refused`, 404 where there are no passkeys.
pub(crate) async fn log_in(
    ctx: &Ctx,
    app: &App,
    answered: Answered<'_>,
    kind: SessionKind,
    caller: &Caller,
) -> Result<Entry, Problem> {
    let (mut tx, user_id) = verified(ctx, app, Purpose::LogIn, answered, None).await?;
    let account = users::account(&mut tx, user_id).await?.ok_or_else(|| refused("an account that is gone"))?;
    let entry = second_factor::enter(ctx, &mut tx, account, Factor::Passkey, kind, caller).await?;
    tx.commit().await?;
    Ok(entry)
}

/// Completes a log-in whose second proof is a passkey.
///
/// # Errors
/// 401 `passkey_refused` or `challenge_ended`, 404 where there are no passkeys.
pub(crate) async fn complete(
    ctx: &Ctx,
    app: &App,
    challenge: &str,
    answered: Answered<'_>,
    caller: &Caller,
) -> Result<auth::LoggedIn, Problem> {
    let (mut tx, user_id) = verified(ctx, app, Purpose::SecondFactor, answered, None).await?;
    let entered = second_factor::complete_with_passkey(ctx, &mut tx, challenge, user_id, caller).await?;
    tx.commit().await?;
    Ok(entered)
}

/// Notes that somebody who is logged in has proved again who they are; answers the session with its new secret when it
/// travels in a cookie.
///
/// # Errors
/// 401 `passkey_refused`, 404 where there are no passkeys.
pub(crate) async fn prove_again(
    ctx: &Ctx,
    app: &App,
    answered: Answered<'_>,
    kind: SessionKind,
) -> Result<Option<StartedSession>, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let (mut tx, _) = verified(ctx, app, Purpose::Prove, answered, Some(user.user_id)).await?;
    let session = match kind {
        SessionKind::Cookie => sessions::rotate(ctx, &mut tx, user.session_id, Some(Factor::Passkey)).await?,
        SessionKind::Bearer => {
            sessions::note_proof(ctx, &mut tx, user.session_id, Factor::Passkey).await?;
            None
        }
    };
    tx.commit().await?;
    Ok(session)
}

/// Verifies an answer and moves the passkey's counter on, in the transaction that is handed back for what follows from
/// it. `expected` is who must be its owner, besides whom the ceremony was begun for.
async fn verified(
    ctx: &Ctx,
    app: &App,
    purpose: Purpose,
    answered: Answered<'_>,
    expected: Option<UserId>,
) -> Result<(Tx, UserId), Problem> {
    let party = RelyingParty::required(&app.config)?;
    let taken = ceremony::take(ctx, app, answered.ceremony, purpose).await?;
    let taken = taken.ok_or_else(|| refused("no such ceremony"))?;
    let answer = DiscoverableAuthentication16::from_json_relaxed(answered.credential).map_err(refused)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let kept = queries::find_locked(&mut tx, answer.raw_id().as_ref()).await?;
    let kept = kept.ok_or_else(|| refused("no such credential"))?;
    let wanted = [taken.user_id, expected];
    let is_theirs = owner_of(answer.response().user_handle()) == Some(kept.user_id)
        && wanted.into_iter().flatten().all(|wanted| wanted == kept.user_id);
    if !is_theirs {
        return Err(refused("somebody else's credential"));
    }
    match held_against(&party, &taken.state, &kept, &answer)? {
        Ok(moving_state) => {
            queries::note_use(&mut tx, kept.id, &moving_state, ctx.now()).await?;
            Ok((tx, kept.user_id))
        }
        Err(fault) => {
            drop(tx);
            if matches!(fault, AuthCeremonyErr::SignatureCounter) {
                note_copy(ctx, app, kept.id).await?;
            }
            Err(refused(fault))
        }
    }
}

/// The signature, challenge, origin, domain, user verification and counter; the new counter and flags when all is right.
fn held_against(
    party: &RelyingParty,
    state: &[u8],
    kept: &Kept,
    answer: &DiscoverableAuthentication16,
) -> Result<Result<[u8; 7], AuthCeremonyErr>, Problem> {
    let state = DiscoverableAuthenticationServerState::decode(state).map_err(|_| odd("a ceremony"))?;
    let fixed = StaticState::decode(kept.fixed_state.as_slice()).map_err(|_| odd("a key"))?;
    let moving: [u8; 7] = kept.moving_state.as_slice().try_into().map_err(|_| odd("a counter"))?;
    let moving = DynamicState::decode(moving).map_err(|_| odd("a counter"))?;
    let handle = handle_of(kept.user_id)?;
    let id = CredentialId::<&[u8]>::decode(answer.raw_id().into_inner()).map_err(|_| odd("a credential"))?;
    let mut credential = AuthenticatedCredential::new(id, &handle, fixed, moving).map_err(|_| odd("a credential"))?;
    let origins = [party.origin.as_str()];
    let options = AuthenticationVerificationOptions::<'_, '_, &str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    match state.verify(&party.id, answer, &mut credential, &options) {
        Ok(_) => Ok(Ok(credential.dynamic_state().encode().map_err(|_| odd("a counter"))?)),
        Err(fault) => Ok(Err(fault)),
    }
}

/// A counter that went back says that there may be a copy of the key.
async fn note_copy(ctx: &Ctx, app: &App, id: PasskeyId) -> Result<(), DatabaseError> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    audit::record(ctx, &mut tx, "users.passkey_counter_went_back", "passkey", Some(id.uuid()), &json!({})).await?;
    tx.commit().await
}
