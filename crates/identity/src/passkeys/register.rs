//! A new passkey is kept.

use http::StatusCode;
use kernel::{Ctx, SystemReason, UserActor};
use platform::{App, Problem, Tx, audit};
use serde_json::json;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::register::{RegistrationServerState, RegistrationVerificationOptions};
use webauthn_rp::response::register::Registration;

use super::ceremony;
use super::model::{NAME_CHARS_MAX, Passkey, PasskeyId, Purpose, RelyingParty, odd};
use super::queries::{self, Ceremony, NewPasskey};
use crate::second_factor::{self, FreshCodes, Notice, Renewed};
use crate::sessions::{Factor, SessionKind, require_recent_proof};

/// 422 `passkey_refused`: what the authenticator answered is not right.
fn refused(why: impl std::fmt::Display) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "passkey_refused").because(for_the_log(why))
}

/// What went wrong, for the log only.
pub(super) fn for_the_log(why: impl std::fmt::Display) -> std::io::Error {
    std::io::Error::other(why.to_string())
}

/// What an authenticator made, verified and ready to be kept.
struct Made {
    credential_id: Vec<u8>,
    fixed_state: Vec<u8>,
    moving_state: [u8; 7],
    transports: u8,
}

/// Keeps the passkey that an authenticator made for this ceremony. Answers it, recovery codes when the account had none,
/// and the session with its new secret.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `passkey_known`, 422 `passkey_refused`.
pub(crate) async fn register(
    ctx: &Ctx,
    app: &App,
    (token, credential): (&str, &[u8]),
    name: &str,
    kind: SessionKind,
) -> Result<(Passkey, Renewed), Problem> {
    let party = RelyingParty::required(&app.config)?;
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let factors = second_factor::factors(&mut tx, user.user_id).await?;
    tx.commit().await?;
    let taken = ceremony::take(ctx, app, token, Purpose::Register).await?;
    let taken = taken.filter(|taken| taken.user_id == Some(user.user_id)).ok_or_else(|| refused("no such ceremony"))?;
    let made = verify(&party, &taken, credential)?;
    let fresh = if factors.recovery_codes == 0 { Some(FreshCodes::draw(ctx.random()).await?) } else { None };

    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let passkey = insert(ctx, &mut tx, user, &made, &named(name, factors.passkeys)).await?;
    let codes = match fresh {
        Some(fresh) => fresh.keep(ctx, &mut tx, user.user_id).await?,
        None => Vec::new(),
    };
    let session = second_factor::renew(ctx, &mut tx, user, kind, Factor::Passkey).await?;
    let notice = Notice::PasskeyAdded { name: passkey.name.clone() };
    second_factor::notify(ctx, app, &mut tx, user.user_id, &notice).await?;
    tx.commit().await?;
    Ok((passkey, Renewed { session, codes }))
}

/// Holds what came back against what was asked for: challenge, origin, domain, user verification, key.
fn verify(party: &RelyingParty, taken: &Ceremony, credential: &[u8]) -> Result<Made, Problem> {
    let state = RegistrationServerState::<16>::decode(&taken.state).map_err(|_| odd("a ceremony"))?;
    let answer = Registration::from_json_relaxed(credential).map_err(refused)?;
    let origins = [party.origin.as_str()];
    let options = RegistrationVerificationOptions::<'_, '_, &str, &str> {
        allowed_origins: &origins,
        // Browsers and managers of passkeys add what nobody asked for, and it changes nothing.
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let made = state.verify(&party.id, &answer, &options).map_err(refused)?;
    Ok(Made {
        credential_id: made.id().as_ref().to_vec(),
        fixed_state: made.static_state().encode().map_err(|_| odd("a key"))?,
        moving_state: made.dynamic_state().encode().map_err(|_| odd("a counter"))?,
        transports: made.transports().encode().map_err(|_| odd("transports"))?,
    })
}

async fn insert(ctx: &Ctx, tx: &mut Tx, user: &UserActor, made: &Made, name: &str) -> Result<Passkey, Problem> {
    let id: PasskeyId = ctx.new_id();
    let new = NewPasskey {
        id,
        user_id: user.user_id,
        credential_id: &made.credential_id,
        fixed_state: &made.fixed_state,
        moving_state: &made.moving_state,
        transports: i16::from(made.transports),
        name,
        now: ctx.now(),
    };
    if !queries::insert(tx, &new).await? {
        return Err(Problem::conflict("passkey_known"));
    }
    audit::record(ctx, tx, "users.passkey_added", "passkey", Some(id.uuid()), &json!({})).await?;
    Ok(Passkey { id, name: name.to_owned(), created_at: ctx.now(), last_used_at: None })
}

/// The name that was typed, or a number.
fn named(typed: &str, passkeys: i64) -> String {
    let number = passkeys + 1;
    platform::text::clean_line(typed, NAME_CHARS_MAX).unwrap_or_else(|_| format!("Passkey {number}"))
}
