//! An authenticator app is set up, and taken away.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem, audit};
use serde_json::json;
use time::Duration;

use super::model::TotpSecret;
use super::queries;
use crate::second_factor::{self, FreshCodes, Notice, Renewed};
use crate::sessions::{Factor, SessionKind, require_recent_proof};
use crate::users;

/// First codes that one person may try.
const FIRST_CODES: RateLimit = RateLimit { name: "totp_set_up", burst: 10, every: Duration::seconds(30) };
/// A secret that nobody confirmed for this long counts for nothing.
const PENDING_LIFETIME: Duration = Duration::minutes(30);

/// What somebody needs to set up their app.
pub(crate) struct Enrolment {
    /// The address behind the QR code.
    pub(crate) address: String,
    /// The secret, in groups of four.
    pub(crate) secret: String,
}

/// Draws a secret, which counts once its first code was right. One that was drawn before and not confirmed is replaced.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `totp_is_on`.
pub(crate) async fn begin(ctx: &Ctx, app: &App) -> Result<Enrolment, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let secret = TotpSecret::generate(ctx.random());
    let sealed = secret.seal(ctx.random(), &app.config, user.user_id)?;
    if !queries::put_pending(&mut tx, user.user_id, &sealed, ctx.now()).await? {
        return Err(Problem::conflict("totp_is_on"));
    }
    let account = users::account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    tx.commit().await?;
    enrolment(app, &secret, &account.email)
}

/// The secret that waits for its first code, once more.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `totp_not_begun`.
pub(crate) async fn show(ctx: &Ctx, app: &App) -> Result<Enrolment, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let sealed = queries::pending(&mut tx, user.user_id, ctx.now() - PENDING_LIFETIME).await?;
    let sealed = sealed.ok_or_else(|| Problem::conflict("totp_not_begun"))?;
    let account = users::account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    tx.commit().await?;
    enrolment(app, &TotpSecret::open(&app.config, user.user_id, &sealed)?, &account.email)
}

fn enrolment(app: &App, secret: &TotpSecret, email: &str) -> Result<Enrolment, Problem> {
    Ok(Enrolment { address: secret.address(&app.config, email)?, secret: secret.shown()? })
}

/// Makes the secret count, because its first code is right. Answers recovery codes when the account had none, and the
/// session with its new secret.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `totp_not_begun`, 422 with the field `code`, 429.
pub(crate) async fn confirm(ctx: &Ctx, app: &App, code: &str, kind: SessionKind) -> Result<Renewed, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    rate_limits::take(ctx, app, FIRST_CODES, &user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let sealed = queries::pending(&mut tx, user.user_id, ctx.now() - PENDING_LIFETIME).await?;
    let sealed = sealed.ok_or_else(|| Problem::conflict("totp_not_begun"))?;
    let factors = second_factor::factors(&mut tx, user.user_id).await?;
    tx.commit().await?;
    let secret = TotpSecret::open(&app.config, user.user_id, &sealed)?;
    let step = secret.step_of(&second_factor::plain(code), ctx.now())?;
    let step = step.ok_or_else(|| Problem::invalid_field("code", "wrong_code"))?;
    let fresh = if factors.recovery_codes == 0 { Some(FreshCodes::draw(ctx.random()).await?) } else { None };

    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    if !queries::confirm(&mut tx, user.user_id, &sealed, step, ctx.now()).await? {
        return Err(Problem::conflict("totp_not_begun"));
    }
    let codes = match fresh {
        Some(fresh) => fresh.keep(ctx, &mut tx, user.user_id).await?,
        None => Vec::new(),
    };
    audit::record(ctx, &mut tx, "users.totp_on", "user", Some(user.user_id.uuid()), &json!({})).await?;
    let session = second_factor::renew(ctx, &mut tx, user, kind, Factor::Totp).await?;
    second_factor::notify(ctx, app, &mut tx, user.user_id, &Notice::TotpOn).await?;
    tx.commit().await?;
    Ok(Renewed { session, codes })
}

/// Takes the app away.
///
/// # Errors
/// 403 `reauthentication_required`, 409 `totp_is_off`.
pub(crate) async fn remove(ctx: &Ctx, app: &App) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    require_recent_proof(ctx, &mut tx).await?;
    if !queries::delete(&mut tx, user.user_id).await? {
        return Err(Problem::conflict("totp_is_off"));
    }
    second_factor::after_removal(&mut tx, user.user_id).await?;
    audit::record(ctx, &mut tx, "users.totp_off", "user", Some(user.user_id.uuid()), &json!({})).await?;
    second_factor::notify(ctx, app, &mut tx, user.user_id, &Notice::TotpOff).await?;
    tx.commit().await?;
    Ok(())
}
