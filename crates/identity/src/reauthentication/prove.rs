//! A password is shown once more.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, FieldProblem, Problem};
use time::Duration;

use crate::login_throttle::{Guess, known_device};
use crate::passwords::{self, PASSWORD_CHARS_MAX};
use crate::sessions::{self, Caller, Factor, SessionKind, StartedSession};
use crate::users::{self, Account, EmailAddress};

/// Proofs from one address.
const BY_ADDRESS: RateLimit = RateLimit { name: "proof_address", burst: 20, every: Duration::seconds(6) };

/// Checks the password of an account; the guess is counted before it is looked at.
///
/// # Errors
/// 422 `wrong_password` for the field `field`, 429, 503.
pub(crate) async fn check_password(
    ctx: &Ctx,
    app: &App,
    caller: &Caller,
    account: &Account,
    password: &str,
    field: &str,
) -> Result<(), Problem> {
    let wrong = || Problem::invalid(vec![FieldProblem::new(field, "wrong_password")]);
    rate_limits::take(ctx, app, BY_ADDRESS, &caller.address_key()).await?;
    let email = EmailAddress::parse(&account.email).map_err(|_| Problem::unauthorized())?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let device = known_device(ctx, &mut tx, Some(account.id), caller.device.as_ref()).await?;
    let guess = device.map_or(Guess::Account(email), Guess::Device);
    guess.count(ctx, &mut tx).await?;
    let hash = passwords::stored(&mut tx, account.id).await?;
    tx.commit().await?;
    if password.chars().count() > PASSWORD_CHARS_MAX || !passwords::verify(password, hash).await? {
        return Err(wrong());
    }
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    guess.forgive(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// Takes the password of whoever acts as a new proof. A browser's session gets a new secret, which is answered.
///
/// # Errors
/// 422 `wrong_password`, 429, 503.
pub async fn prove(
    ctx: &Ctx,
    app: &App,
    caller: &Caller,
    password: &str,
    field: &str,
) -> Result<Option<StartedSession>, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = users::account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    tx.commit().await?;
    check_password(ctx, app, caller, &account, password, field).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let session = match caller.kind {
        SessionKind::Cookie => sessions::rotate(ctx, &mut tx, user.session_id, Some(Factor::Password)).await?,
        SessionKind::Bearer => {
            sessions::note_proof(ctx, &mut tx, user.session_id, Factor::Password).await?;
            None
        }
    };
    tx.commit().await?;
    Ok(session)
}
