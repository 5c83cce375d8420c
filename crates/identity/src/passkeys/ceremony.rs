//! A ceremony begins: a challenge that an authenticator is to sign.

use kernel::{Ctx, SystemReason, UserId};
use platform::rate_limits::{self, RateLimit};
use platform::{App, DatabaseError, Problem, Tx};
use serde::Serialize;
use serde_json::Value;
use time::Duration;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::PublicKeyCredentialDescriptor;
use webauthn_rp::request::auth::DiscoverableCredentialRequestOptions;
use webauthn_rp::request::register::{
    CredProtect, Nickname, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity, Username,
};
use webauthn_rp::response::{AuthTransports, CredentialId};

use super::model::{CEREMONY_LIFETIME, PASSKEYS_MAX, Purpose, RelyingParty, handle_of, odd};
use super::queries::{self, Ceremony};
use crate::one_time_secret::OneTimeSecret;
use crate::sessions::require_recent_proof;
use crate::users;

/// Ceremonies that one caller may begin: every look at the log-in page may be one.
const CEREMONIES: RateLimit = RateLimit { name: "passkey_ceremonies", burst: 60, every: Duration::seconds(2) };

/// A ceremony that has begun.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Begun {
    /// To be sent back with the answer; works once.
    ceremony: String,
    /// For `navigator.credentials.create()` or `.get()`, binary values in base64url (WebAuthn level 3, §5.1.8 and §5.1.9).
    public_key: Value,
}

/// Begins the registration of a passkey.
///
/// # Errors
/// 403 `reauthentication_required`, 404 where there are no passkeys, 409 `too_many_passkeys`, 429.
pub(crate) async fn begin_registration(ctx: &Ctx, app: &App) -> Result<Begun, Problem> {
    let party = RelyingParty::required(&app.config)?;
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    rate_limits::take(ctx, app, CEREMONIES, &user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let account = users::account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    let known = queries::credentials(&mut tx, user.user_id).await?;
    if i64::try_from(known.len()).unwrap_or(PASSKEYS_MAX) >= PASSKEYS_MAX {
        return Err(Problem::conflict("too_many_passkeys"));
    }
    let handle = handle_of(user.user_id)?;
    let owner = PublicKeyCredentialUserEntity {
        name: Username::try_from(account.email.as_str()).map_err(|_| odd("a mail address"))?,
        id: &handle,
        // A name that the profile of RFC 8266 does not take is no reason to have no passkey.
        display_name: Nickname::try_from(account.display_name.as_str()).ok(),
    };
    let mut options = PublicKeyCredentialCreationOptions::passkey(&party.id, owner, descriptors(known)?);
    // Most devices do not know this extension, and browsers refuse them where it is enforced. That the user is verified
    // is checked with every signature.
    options.extensions.cred_protect = CredProtect::None;
    let (server, client) = options.start_ceremony().map_err(|_| odd("a ceremony"))?;
    let state = server.encode().map_err(|_| odd("a ceremony"))?;
    let options = serde_json::to_value(&client).map_err(Problem::internal)?;
    let begun = keep(ctx, &mut tx, Purpose::Register, Some(user.user_id), &state, options).await?;
    tx.commit().await?;
    Ok(begun)
}

/// Authenticators that have one of these make no second one.
fn descriptors(known: Vec<(Vec<u8>, i16)>) -> Result<Vec<PublicKeyCredentialDescriptor<Vec<u8>>>, Problem> {
    let descriptor = |(id, transports): (Vec<u8>, i16)| {
        let transports = u8::try_from(transports).ok().and_then(|bits| AuthTransports::decode(bits).ok());
        Ok(PublicKeyCredentialDescriptor {
            id: CredentialId::<Vec<u8>>::decode(id).map_err(|_| odd("a credential"))?,
            transports: transports.ok_or_else(|| odd("the transports of a credential"))?,
        })
    };
    known.into_iter().map(descriptor).collect()
}

/// Begins a proof by a passkey; `user_id` is whose it must be, nobody's in particular for a log-in. `caller_key` tells
/// callers apart in the limit.
///
/// # Errors
/// 404 where there are no passkeys, 429.
pub(crate) async fn begin_proof(
    ctx: &Ctx,
    app: &App,
    purpose: Purpose,
    user_id: Option<UserId>,
    caller_key: &str,
) -> Result<Begun, Problem> {
    let party = RelyingParty::required(&app.config)?;
    rate_limits::take(ctx, app, CEREMONIES, caller_key).await?;
    let options = DiscoverableCredentialRequestOptions::passkey(&party.id);
    let (server, client) = options.start_ceremony().map_err(|_| odd("a ceremony"))?;
    let state = server.encode().map_err(|_| odd("a ceremony"))?;
    let options = serde_json::to_value(&client).map_err(Problem::internal)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let begun = keep(ctx, &mut tx, purpose, user_id, &state, options).await?;
    tx.commit().await?;
    Ok(begun)
}

async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    purpose: Purpose,
    user_id: Option<UserId>,
    state: &[u8],
    public_key: Value,
) -> Result<Begun, DatabaseError> {
    let token = OneTimeSecret::generate(ctx.random());
    let new = queries::NewCeremony {
        token_hash: &token.hash(),
        purpose,
        user_id,
        state,
        now: ctx.now(),
        expires_at: ctx.now() + CEREMONY_LIFETIME,
    };
    queries::insert_ceremony(tx, &new).await?;
    Ok(Begun { ceremony: token.reveal().to_owned(), public_key })
}

/// Takes a ceremony away, in a transaction of its own: it is answered once, whatever the answer is.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn take(
    ctx: &Ctx,
    app: &App,
    token: &str,
    purpose: Purpose,
) -> Result<Option<Ceremony>, DatabaseError> {
    let Some(token) = OneTimeSecret::parse(token) else { return Ok(None) };
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let taken = queries::take_ceremony(&mut tx, &token.hash(), purpose, ctx.now()).await?;
    tx.commit().await?;
    Ok(taken)
}
