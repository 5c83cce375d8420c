//! Login and sign-up by mail address and password.

use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use time::Duration;

use super::logged_in::complete_login;
use super::login_outcome::LoginOutcome;
use super::model::{Credentials, LoggedIn};
use crate::email_verification::send::send_verification;
use crate::login_throttle::devices::known_device;
use crate::login_throttle::model::LoginAttempt;
use crate::passwords::hash::{hash_password, verify_password};
use crate::passwords::policy::PASSWORD_CHARS_MAX;
use crate::second_factor::challenge::log_in_or_challenge;
use crate::sessions::model::{Factor, SessionKind};
use crate::users::email::EmailAddress;
use crate::users::model::Account;
use crate::users::queries;
use crate::users::sign_up::{NewAccount, sign_up};

/// Failed logins from one IP address (`reference/security.md`). A browser that the account knows does not wait for others
/// behind the same address.
const BY_ADDRESS: RateLimit = RateLimit { name: "log_in_address", burst: 3, every: Duration::seconds(20) };
/// Sign-ups from one IP address.
const SIGN_UPS: RateLimit = RateLimit { name: "sign_up_address", burst: 20, every: Duration::minutes(1) };

/// Checks a password without starting a session. A wrong password and an unknown address get the same answer after the same
/// work; the attempt is counted before the password is checked.
///
/// # Errors
/// 401 `wrong_credentials`, 429, 503.
async fn check_credentials(ctx: &Ctx, app: &App, credentials: Credentials<'_>) -> Result<Account, Problem> {
    let address = credentials.caller.address_key();
    let mut over_limit = rate_limits::take(ctx, app, BY_ADDRESS, &address).await.err();
    let is_counted = over_limit.is_none();
    let may_be_known = credentials.caller.device.is_some();
    if let Some(problem) = over_limit.take_if(|_| !may_be_known) {
        return Err(problem);
    }
    let found = match EmailAddress::parse(credentials.email) {
        Ok(email) => {
            let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
            let found = queries::account_by_email(&mut tx, &email).await?;
            let user_id = found.as_ref().map(|(account, _)| account.id);
            let device = known_device(ctx, &mut tx, user_id, credentials.caller.device.as_ref()).await?;
            if let Some(problem) = over_limit.take_if(|_| device.is_none()) {
                return Err(problem);
            }
            device.map_or(LoginAttempt::Account(email), LoginAttempt::Device).count(ctx, &mut tx).await?;
            tx.commit().await?;
            found
        }
        Err(_) => None,
    };
    // Text that is not an address belongs to no account, so no browser is known there.
    if let Some(problem) = over_limit.filter(|_| found.is_none()) {
        return Err(problem);
    }
    let hash = found.as_ref().and_then(|(_, hash)| hash.clone());
    let fits = credentials.password.chars().count() <= PASSWORD_CHARS_MAX;
    let matches = verify_password(if fits { credentials.password } else { "" }, hash).await?;
    let account = found.map(|(account, _)| account).filter(|_| matches && fits);
    if account.is_some() && is_counted {
        rate_limits::give_back(app, BY_ADDRESS, &address).await?;
    }
    account.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "wrong_credentials"))
}

/// Logs in by mail address and password, or asks for the second factor of the account.
///
/// # Errors
/// 401 `wrong_credentials`, 429, 503.
pub(super) async fn log_in(
    ctx: &Ctx,
    app: &App,
    credentials: Credentials<'_>,
    kind: SessionKind,
) -> Result<LoginOutcome, Problem> {
    let account = check_credentials(ctx, app, credentials).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let outcome = log_in_or_challenge(ctx, &mut tx, account, Factor::Password, kind, credentials.caller).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Creates an account, starts its first session and queues the mail that verifies its address.
///
/// # Errors
/// 422 with the fields, 409 `email_taken`, 429, 503.
pub(super) async fn sign_up_and_log_in(
    ctx: &Ctx,
    app: &App,
    credentials: Credentials<'_>,
    display_name: &str,
    kind: SessionKind,
) -> Result<LoggedIn, Problem> {
    let new = NewAccount::check(credentials.email, credentials.password, display_name)?;
    rate_limits::take(ctx, app, SIGN_UPS, &credentials.caller.address_key()).await?;
    let hash = hash_password(ctx.random(), credentials.password).await?;
    let mut tx = app.db.begin_system(SystemReason::Registration).await?;
    let user_id = sign_up(ctx, &mut tx, &new, &hash).await?;
    let account = queries::account(&mut tx, user_id).await?.ok_or_else(Problem::not_found)?;
    send_verification(ctx, &mut tx, app, &account).await?;
    let logged_in = complete_login(ctx, &mut tx, account, kind, credentials.caller, &[Factor::Password]).await?;
    tx.commit().await?;
    Ok(logged_in)
}
