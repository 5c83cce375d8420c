//! Somebody proves who they are.

use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::http::RequestFacts;
use platform::rate_limits::{self, RateLimit};
use platform::{House, Problem};
use time::Duration;

use crate::passwords;
use crate::sessions::{self, SessionKind, StartedSession};
use crate::users::{Account, EmailAddress, NewAccount, queries, sign_up};

/// Log-ins from one address.
const BY_ADDRESS: RateLimit = RateLimit { name: "log_in_address", burst: 20, every: Duration::seconds(6) };
/// Log-ins to one account.
const BY_ACCOUNT: RateLimit = RateLimit { name: "log_in_account", burst: 5, every: Duration::seconds(2) };
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
    pub user_agent: &'a str,
    /// Facts of the request.
    pub facts: RequestFacts,
}

impl Credentials<'_> {
    fn address(&self) -> String {
        self.facts.address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
    }
}

/// Begins a session for whoever knows the password. A wrong password and an unknown address are answered alike.
///
/// # Errors
/// 401 `wrong_credentials`, 429, 503.
pub async fn log_in(
    ctx: &Ctx,
    house: &House,
    credentials: Credentials<'_>,
    kind: SessionKind,
) -> Result<(Account, StartedSession), Problem> {
    let wrong = || Problem::new(StatusCode::UNAUTHORIZED, "wrong_credentials");
    rate_limits::take(ctx, house, BY_ADDRESS, &credentials.address()).await?;
    let email = EmailAddress::parse(credentials.email);
    let found = match &email {
        Ok(email) => {
            rate_limits::take(ctx, house, BY_ACCOUNT, email.as_str()).await?;
            let mut tx = house.db.begin_system(SystemReason::Authentication).await?;
            let found = queries::account_by_email(&mut tx, email).await?;
            tx.commit().await?;
            found
        }
        Err(_) => None,
    };
    let hash = found.as_ref().and_then(|(_, hash)| hash.clone());
    let password_fits = credentials.password.chars().count() <= passwords::PASSWORD_CHARS_MAX;
    let matches = passwords::verify(if password_fits { credentials.password } else { "" }, hash).await?;
    let account = found.map(|(account, _)| account).filter(|_| matches && password_fits).ok_or_else(wrong)?;
    let mut tx = house.db.begin_system(SystemReason::Authentication).await?;
    let session =
        sessions::start(ctx, &mut tx, account.id, kind, credentials.user_agent, credentials.facts.address).await?;
    tx.commit().await?;
    Ok((account, session))
}

/// Makes an account and begins its first session.
///
/// # Errors
/// 422 with the fields, 409 `email_taken`, 429, 503.
pub(super) async fn sign_up_and_log_in(
    ctx: &Ctx,
    house: &House,
    credentials: Credentials<'_>,
    display_name: &str,
    kind: SessionKind,
) -> Result<(Account, StartedSession), Problem> {
    let new = NewAccount::check(credentials.email, credentials.password, display_name)?;
    rate_limits::take(ctx, house, SIGN_UPS, &credentials.address()).await?;
    let hash = passwords::hash(ctx.random(), credentials.password).await?;
    let mut tx = house.db.begin_system(SystemReason::Registration).await?;
    let user_id = sign_up(ctx, &mut tx, &new, &hash).await?;
    let session =
        sessions::start(ctx, &mut tx, user_id, kind, credentials.user_agent, credentials.facts.address).await?;
    let account = queries::account(&mut tx, user_id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok((account, session))
}
