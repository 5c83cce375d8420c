//! Somebody proves who they are.

use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, DatabaseError, Problem, Tx};
use time::Duration;

use crate::login_throttle::{DeviceToken, Guess, known_device, remember_device};
use crate::passwords;
use crate::second_factor::{self, Entry};
use crate::sessions::{self, Beginning, Caller, Factor, SessionKind, StartedSession};
use crate::users::{Account, EmailAddress, NewAccount, queries, sign_up};

/// Failed log-ins from one address (`reference/security.md`). Whoever is known at the account by the browser is not made
/// to wait by the neighbours behind the same address.
const BY_ADDRESS: RateLimit = RateLimit { name: "log_in_address", burst: 3, every: Duration::seconds(20) };
/// Sign-ups from one address.
const SIGN_UPS: RateLimit = RateLimit { name: "sign_up_address", burst: 20, every: Duration::minutes(1) };

/// What somebody typed, and where the request came from.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    /// The mail address.
    pub email: &'a str,
    /// The password.
    pub password: &'a str,
    /// The browser or program.
    pub caller: &'a Caller,
}

/// Somebody who is in.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// The account.
    pub account: Account,
    /// The session that has begun.
    pub session: StartedSession,
    /// By what the browser is known from now on; nothing when it was known before, or is none.
    pub device: Option<DeviceToken>,
}

/// Checks a password and begins no session yet. A wrong password and an unknown address are answered alike; the guess is
/// counted before it is looked at.
///
/// # Errors
/// 401 `wrong_credentials`, 429, 503.
pub(crate) async fn prove_password(ctx: &Ctx, app: &App, credentials: Credentials<'_>) -> Result<Account, Problem> {
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
            device.map_or(Guess::Account(email), Guess::Device).count(ctx, &mut tx).await?;
            tx.commit().await?;
            found
        }
        Err(_) => None,
    };
    // What is no address can be nobody's, so no browser is known there.
    if let Some(problem) = over_limit.filter(|_| found.is_none()) {
        return Err(problem);
    }
    let hash = found.as_ref().and_then(|(_, hash)| hash.clone());
    let password_fits = credentials.password.chars().count() <= passwords::PASSWORD_CHARS_MAX;
    let matches = passwords::verify(if password_fits { credentials.password } else { "" }, hash).await?;
    let proved = found.map(|(account, _)| account).filter(|_| matches && password_fits);
    if proved.is_some() && is_counted {
        rate_limits::give_back(app, BY_ADDRESS, &address).await?;
    }
    proved.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "wrong_credentials"))
}

/// Begins the session of somebody who has proved who they are by all of `factors`, in a transaction of the platform: a new
/// secret, a browser that is known from then on, and the wrong guesses forgotten.
///
/// # Errors
/// When the database does not answer.
pub async fn enter(
    ctx: &Ctx,
    tx: &mut Tx,
    account: Account,
    kind: SessionKind,
    caller: &Caller,
    factors: &[Factor],
) -> Result<LoggedIn, DatabaseError> {
    let beginning =
        Beginning { user_id: account.id, kind, user_agent: &caller.user_agent, address: caller.address, factors };
    let session = sessions::begin(ctx, tx, &beginning).await?;
    if let Ok(email) = EmailAddress::parse(&account.email) {
        Guess::Account(email).forgive(tx).await?;
    }
    let known = known_device(ctx, tx, Some(account.id), caller.device.as_ref()).await?;
    let device = match (known, kind) {
        (Some(known), _) => {
            Guess::Device(known).forgive(tx).await?;
            None
        }
        (None, SessionKind::Cookie) => Some(remember_device(ctx, tx, account.id, caller.device.as_ref()).await?),
        (None, SessionKind::Bearer) => None,
    };
    Ok(LoggedIn { account, session, device })
}

/// Begins a session for whoever knows the password, or asks for the second proof where one is set up.
///
/// # Errors
/// 401 `wrong_credentials`, 429, 503.
pub async fn log_in(ctx: &Ctx, app: &App, credentials: Credentials<'_>, kind: SessionKind) -> Result<Entry, Problem> {
    let account = prove_password(ctx, app, credentials).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let entry = second_factor::enter(ctx, &mut tx, account, Factor::Password, kind, credentials.caller).await?;
    tx.commit().await?;
    Ok(entry)
}

/// Makes an account, begins its first session and asks, by mail, whether the address is theirs.
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
    let hash = passwords::hash(ctx.random(), credentials.password).await?;
    let mut tx = app.db.begin_system(SystemReason::Registration).await?;
    let user_id = sign_up(ctx, &mut tx, &new, &hash).await?;
    let account = queries::account(&mut tx, user_id).await?.ok_or_else(Problem::not_found)?;
    crate::email_verification::ask(ctx, &mut tx, app, &account).await?;
    let entered = enter(ctx, &mut tx, account, kind, credentials.caller, &[Factor::Password]).await?;
    tx.commit().await?;
    Ok(entered)
}
