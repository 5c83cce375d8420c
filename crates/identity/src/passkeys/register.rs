//! Registers a passkey.

use http::StatusCode;
use kernel::{Ctx, SystemReason, UserActor};
use platform::{App, Problem, Tx, audit};
use serde_json::json;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::register::{RegistrationServerState, RegistrationVerificationOptions};
use webauthn_rp::response::register::Registration;

use super::ceremony::take_ceremony;
use super::model::{NAME_CHARS_MAX, Passkey, PasskeyAnswer, PasskeyId, Purpose, RelyingParty, codec_error, refused};
use super::queries::{self, NewPasskey};
use crate::second_factor::change::{FactorAdded, after_adding};
use crate::second_factor::notices::{Notice, notify};
use crate::second_factor::queries::factors;
use crate::second_factor::recovery_codes::NewCodes;
use crate::sessions::model::{Factor, SessionKind};
use crate::sessions::proof::require_recent_proof;

/// The status of an answer that is not accepted.
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// A verified credential, as it is stored.
struct Credential {
    id: Vec<u8>,
    static_state: Vec<u8>,
    dynamic_state: [u8; 7],
    transports: u8,
}

/// Adds the passkey that an authenticator created in a ceremony of the actor. Returns it with the recovery codes, when the
/// account had none, and the cookie session's new secret.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `passkey_known`, 422 `passkey_refused`.
pub(super) async fn register_passkey(
    ctx: &Ctx,
    app: &App,
    answer: PasskeyAnswer<'_>,
    name: &str,
    kind: SessionKind,
) -> Result<(Passkey, FactorAdded), Problem> {
    let party = RelyingParty::required(&app.config)?;
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let factors = factors(&mut tx, user.user_id).await?;
    tx.commit().await?;
    let ceremony = take_ceremony(ctx, app, answer.ceremony, Purpose::Register).await?;
    let ceremony = ceremony.filter(|ceremony| ceremony.user_id == Some(user.user_id));
    let ceremony = ceremony.ok_or_else(|| refused(REFUSED, "no such ceremony"))?;
    let credential = verify(&party, &ceremony.state, answer.credential)?;
    let new_codes = if factors.recovery_codes == 0 { Some(NewCodes::draw(ctx.random()).await?) } else { None };

    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let passkey = insert(ctx, &mut tx, user, &credential, name_or_number(name, factors.passkeys)).await?;
    let added = after_adding(ctx, &mut tx, user, kind, Factor::Passkey, new_codes).await?;
    let notice = Notice::PasskeyAdded { name: passkey.name.clone() };
    notify(ctx, app, &mut tx, user.user_id, &notice).await?;
    tx.commit().await?;
    Ok((passkey, added))
}

/// Verifies challenge, origin, domain, user verification and key of a new credential.
fn verify(party: &RelyingParty, state: &[u8], credential: &[u8]) -> Result<Credential, Problem> {
    let state = RegistrationServerState::<16>::decode(state).map_err(|_| codec_error("a ceremony"))?;
    let registration = Registration::from_json_relaxed(credential).map_err(|error| refused(REFUSED, error))?;
    let origins = [party.origin.as_str()];
    let options = RegistrationVerificationOptions::<'_, '_, &str, &str> {
        allowed_origins: &origins,
        // Browsers and password managers add extensions that were not asked for and change nothing.
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let verified = state.verify(&party.id, &registration, &options).map_err(|error| refused(REFUSED, error))?;
    Ok(Credential {
        id: verified.id().as_ref().to_vec(),
        static_state: verified.static_state().encode().map_err(|_| codec_error("a key"))?,
        dynamic_state: verified.dynamic_state().encode().map_err(|_| codec_error("a counter"))?,
        transports: verified.transports().encode().map_err(|_| codec_error("transports"))?,
    })
}

async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    user: &UserActor,
    credential: &Credential,
    name: String,
) -> Result<Passkey, Problem> {
    let id: PasskeyId = ctx.new_id();
    let new = NewPasskey {
        id,
        user_id: user.user_id,
        credential_id: &credential.id,
        static_state: &credential.static_state,
        dynamic_state: &credential.dynamic_state,
        transports: i16::from(credential.transports),
        name: &name,
        now: ctx.now(),
    };
    if !queries::insert(tx, &new).await? {
        return Err(Problem::conflict("passkey_known"));
    }
    audit::record(ctx, tx, "users.passkey_added", "passkey", Some(id.uuid()), &json!({})).await?;
    Ok(Passkey { id, name, created_at: ctx.now(), last_used_at: None })
}

/// The typed name, or `Passkey 2` for the second passkey.
fn name_or_number(typed: &str, passkeys: i64) -> String {
    let number = passkeys + 1;
    platform::text::clean_line(typed, NAME_CHARS_MAX).unwrap_or_else(|_| format!("Passkey {number}"))
}
