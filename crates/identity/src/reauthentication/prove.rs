//! Proves the identity of the actor by the password.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use time::Duration;

use crate::login_throttle::devices::known_device;
use crate::login_throttle::model::LoginAttempt;
use crate::passwords::hash::verify_password;
use crate::passwords::policy::PASSWORD_CHARS_MAX;
use crate::passwords::queries::find_password_hash;
use crate::sessions::caller::Caller;
use crate::sessions::lifecycle::record_proof;
use crate::sessions::model::{Factor, StartedSession};
use crate::users::email::EmailAddress;
use crate::users::model::Account;
use crate::users::queries::account;

/// Proofs from one IP address.
const BY_ADDRESS: RateLimit = RateLimit { name: "proof_address", burst: 20, every: Duration::seconds(6) };

/// Checks the password of an account. The attempt is counted before the password is checked.
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
    rate_limits::take(ctx, app, BY_ADDRESS, &caller.address_key()).await?;
    let email = EmailAddress::parse(&account.email).map_err(|_| Problem::unauthorized())?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let device = known_device(ctx, &mut tx, Some(account.id), caller.device.as_ref()).await?;
    let attempt = device.map_or(LoginAttempt::Account(email), LoginAttempt::Device);
    attempt.count(ctx, &mut tx).await?;
    let hash = find_password_hash(&mut tx, account.id).await?;
    tx.commit().await?;
    if password.chars().count() > PASSWORD_CHARS_MAX || !verify_password(password, hash).await? {
        return Err(Problem::invalid_field(field, "wrong_password"));
    }
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    attempt.reset(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// Records a new proof of identity of the actor by the password. A cookie session gets a new secret, which is returned.
///
/// # Errors
/// 422 `wrong_password` for the field `field`, 429, 503.
pub(super) async fn prove_by_password(
    ctx: &Ctx,
    app: &App,
    caller: &Caller,
    password: &str,
    field: &str,
) -> Result<Option<StartedSession>, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    tx.commit().await?;
    check_password(ctx, app, caller, &account, password, field).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let session = record_proof(ctx, &mut tx, user.session_id, caller.kind, Factor::Password).await?;
    tx.commit().await?;
    Ok(session)
}
