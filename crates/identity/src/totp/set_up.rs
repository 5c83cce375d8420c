//! Sets up and removes an authenticator app.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem, audit};
use serde_json::json;
use time::Duration;

use super::model::TotpSecret;
use super::queries;
use crate::second_factor::change::{FactorAdded, after_adding, after_removing};
use crate::second_factor::notices::{Notice, notify};
use crate::second_factor::queries::factors;
use crate::second_factor::recovery_codes::NewCodes;
use crate::second_factor::typed_code::normalise_code;
use crate::sessions::model::{Factor, SessionKind};
use crate::sessions::proof::require_recent_proof;
use crate::users::queries::account;

/// First codes that one account may try.
const FIRST_CODES: RateLimit = RateLimit { name: "totp_set_up", burst: 10, every: Duration::seconds(30) };
/// How long a secret can be confirmed.
const PENDING_LIFETIME: Duration = Duration::minutes(30);

/// What an authenticator app needs.
pub(crate) struct Enrolment {
    /// The `otpauth://` URL of the QR code.
    pub(crate) address: String,
    /// The secret in base32, in groups of four characters.
    pub(crate) secret: String,
}

/// Draws a secret in place of an earlier unconfirmed one. It takes effect with [`confirm_set_up`].
///
/// # Errors
/// 403 `reauthentication_required`, 409 `totp_is_on`.
pub(crate) async fn begin_set_up(ctx: &Ctx, app: &App) -> Result<Enrolment, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let secret = TotpSecret::generate(ctx.random());
    let sealed = secret.seal(ctx.random(), &app.config, user.user_id)?;
    if !queries::put_pending(&mut tx, user.user_id, &sealed, ctx.now()).await? {
        return Err(Problem::conflict("totp_is_on"));
    }
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    tx.commit().await?;
    enrolment(app, &secret, &account.email)
}

/// The unconfirmed secret once more.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `totp_not_begun`.
pub(crate) async fn show_set_up(ctx: &Ctx, app: &App) -> Result<Enrolment, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let sealed = queries::pending(&mut tx, user.user_id, ctx.now() - PENDING_LIFETIME).await?;
    let sealed = sealed.ok_or_else(|| Problem::conflict("totp_not_begun"))?;
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    tx.commit().await?;
    enrolment(app, &TotpSecret::open(&app.config, user.user_id, &sealed)?, &account.email)
}

fn enrolment(app: &App, secret: &TotpSecret, email: &str) -> Result<Enrolment, Problem> {
    Ok(Enrolment { address: secret.address(&app.config, email)?, secret: secret.base32()? })
}

/// Confirms the secret by its first code. Returns recovery codes when the account had none, and the cookie session's new
/// secret.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `totp_not_begun`, 422 with the field `code`, 429.
pub(crate) async fn confirm_set_up(
    ctx: &Ctx,
    app: &App,
    code: &str,
    kind: SessionKind,
) -> Result<FactorAdded, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    rate_limits::take(ctx, app, FIRST_CODES, &user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let sealed = queries::pending(&mut tx, user.user_id, ctx.now() - PENDING_LIFETIME).await?;
    let sealed = sealed.ok_or_else(|| Problem::conflict("totp_not_begun"))?;
    let factors = factors(&mut tx, user.user_id).await?;
    tx.commit().await?;
    let secret = TotpSecret::open(&app.config, user.user_id, &sealed)?;
    let step = secret.step_of(&normalise_code(code), ctx.now())?;
    let step = step.ok_or_else(|| Problem::invalid_field("code", "wrong_code"))?;
    let new_codes = if factors.recovery_codes == 0 { Some(NewCodes::draw(ctx.random()).await?) } else { None };

    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    if !queries::confirm(&mut tx, user.user_id, &sealed, step, ctx.now()).await? {
        return Err(Problem::conflict("totp_not_begun"));
    }
    audit::record(ctx, &mut tx, "users.totp_on", "user", Some(user.user_id.uuid()), &json!({})).await?;
    let added = after_adding(ctx, &mut tx, user, kind, Factor::Totp, new_codes).await?;
    notify(ctx, app, &mut tx, user.user_id, &Notice::TotpOn).await?;
    tx.commit().await?;
    Ok(added)
}

/// Removes the authenticator app.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `totp_is_off`.
pub(crate) async fn remove_app(ctx: &Ctx, app: &App) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    if !queries::delete(&mut tx, user.user_id).await? {
        return Err(Problem::conflict("totp_is_off"));
    }
    after_removing(&mut tx, user.user_id).await?;
    audit::record(ctx, &mut tx, "users.totp_off", "user", Some(user.user_id.uuid()), &json!({})).await?;
    notify(ctx, app, &mut tx, user.user_id, &Notice::TotpOff).await?;
    tx.commit().await?;
    Ok(())
}
