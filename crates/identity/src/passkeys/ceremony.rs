//! Begins ceremonies: a challenge that an authenticator signs.

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

use super::model::{CEREMONY_LIFETIME, PASSKEYS_MAX, Purpose, RelyingParty, codec_error, handle_of};
use super::queries::{self, Ceremony};
use crate::secret_token::OneTimeSecret;
use crate::sessions::proof::require_recent_proof;
use crate::users::queries::account;

/// Ceremonies that one caller may begin; every visit of the login page may begin one.
const CEREMONIES: RateLimit = RateLimit { name: "passkey_ceremonies", burst: 60, every: Duration::seconds(2) };

/// A ceremony that has begun, for the browser.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CeremonyBody {
    /// The token to send back with the answer; it works once.
    ceremony: String,
    /// For `navigator.credentials.create()` or `.get()`, binary values in base64url (WebAuthn level 3, §5.1.8 and §5.1.9).
    public_key: Value,
}

/// Begins the registration of a passkey.
///
/// # Errors
/// 403 `reauthentication_required`, 404 where passkeys are not possible, 409 `too_many_passkeys`, 429.
pub(crate) async fn begin_registration(ctx: &Ctx, app: &App) -> Result<CeremonyBody, Problem> {
    let party = RelyingParty::required(&app.config)?;
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    rate_limits::take(ctx, app, CEREMONIES, &user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    let known = queries::credentials(&mut tx, user.user_id).await?;
    if i64::try_from(known.len()).unwrap_or(PASSKEYS_MAX) >= PASSKEYS_MAX {
        return Err(Problem::conflict("too_many_passkeys"));
    }
    let handle = handle_of(user.user_id)?;
    let owner = PublicKeyCredentialUserEntity {
        name: Username::try_from(account.email.as_str()).map_err(|_| codec_error("a mail address"))?,
        id: &handle,
        // A display name that RFC 8266 does not allow is left out.
        display_name: Nickname::try_from(account.display_name.as_str()).ok(),
    };
    let mut options = PublicKeyCredentialCreationOptions::passkey(&party.id, owner, descriptors(known)?);
    // Browsers refuse devices without this extension where it is enforced, and most devices lack it. User verification is
    // checked with every signature anyway.
    options.extensions.cred_protect = CredProtect::None;
    let (server, client) = options.start_ceremony().map_err(|_| codec_error("a ceremony"))?;
    let state = server.encode().map_err(|_| codec_error("a ceremony"))?;
    let options = serde_json::to_value(&client).map_err(Problem::internal)?;
    let begun = store(ctx, &mut tx, Purpose::Register, Some(user.user_id), &state, options).await?;
    tx.commit().await?;
    Ok(begun)
}

/// The descriptors of existing credentials, so that an authenticator creates no second one.
fn descriptors(known: Vec<(Vec<u8>, i16)>) -> Result<Vec<PublicKeyCredentialDescriptor<Vec<u8>>>, Problem> {
    let descriptor = |(id, transports): (Vec<u8>, i16)| {
        let transports = u8::try_from(transports).ok().and_then(|bits| AuthTransports::decode(bits).ok());
        Ok(PublicKeyCredentialDescriptor {
            id: CredentialId::<Vec<u8>>::decode(id).map_err(|_| codec_error("a credential"))?,
            transports: transports.ok_or_else(|| codec_error("the transports of a credential"))?,
        })
    };
    known.into_iter().map(descriptor).collect()
}

/// Begins a proof by a passkey of `user_id`, or of any account for a login. `caller_key` is the key of the rate limit.
///
/// # Errors
/// 404 where passkeys are not possible, 429.
pub(crate) async fn begin_proof(
    ctx: &Ctx,
    app: &App,
    purpose: Purpose,
    user_id: Option<UserId>,
    caller_key: &str,
) -> Result<CeremonyBody, Problem> {
    let party = RelyingParty::required(&app.config)?;
    rate_limits::take(ctx, app, CEREMONIES, caller_key).await?;
    let options = DiscoverableCredentialRequestOptions::passkey(&party.id);
    let (server, client) = options.start_ceremony().map_err(|_| codec_error("a ceremony"))?;
    let state = server.encode().map_err(|_| codec_error("a ceremony"))?;
    let options = serde_json::to_value(&client).map_err(Problem::internal)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let begun = store(ctx, &mut tx, purpose, user_id, &state, options).await?;
    tx.commit().await?;
    Ok(begun)
}

async fn store(
    ctx: &Ctx,
    tx: &mut Tx,
    purpose: Purpose,
    user_id: Option<UserId>,
    state: &[u8],
    public_key: Value,
) -> Result<CeremonyBody, DatabaseError> {
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
    Ok(CeremonyBody { ceremony: token.reveal().to_owned(), public_key })
}

/// Deletes a ceremony in a transaction of its own and returns it, so that it is answered once whatever the answer is.
///
/// # Errors
/// When the database fails.
pub(super) async fn take_ceremony(
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
