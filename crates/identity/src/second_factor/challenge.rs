//! Decides after the first factor of a login: a session, or a challenge for the second factor.

use kernel::Ctx;
use platform::{DatabaseError, Tx};

use super::model::{CHALLENGE_LIFETIME, LoginChallenge};
use super::queries;
use crate::auth::logged_in::complete_login;
use crate::auth::login_outcome::LoginOutcome;
use crate::secret_token::OneTimeSecret;
use crate::sessions::caller::Caller;
use crate::sessions::model::{Factor, SessionKind};
use crate::users::model::Account;

/// Starts a session, or issues a challenge when the account has a second factor, in a transaction of the platform. Every
/// login goes through here.
///
/// # Errors
/// When the database fails.
pub(crate) async fn log_in_or_challenge(
    ctx: &Ctx,
    tx: &mut Tx,
    account: Account,
    factor: Factor,
    kind: SessionKind,
    caller: &Caller,
) -> Result<LoginOutcome, DatabaseError> {
    let factors = queries::factors(tx, account.id).await?;
    // A passkey with user verification is two factors: the device, and the fingerprint or PIN that unlocks it.
    if !factors.is_on() || factor == Factor::Passkey {
        let logged_in = complete_login(ctx, tx, account, kind, caller, &[factor]).await?;
        return Ok(LoginOutcome::LoggedIn(Box::new(logged_in)));
    }
    let token = OneTimeSecret::generate(ctx.random());
    let expires_at = ctx.now() + CHALLENGE_LIFETIME;
    let new = queries::NewChallenge {
        id: ctx.new_id(),
        token_hash: &token.hash(),
        user_id: account.id,
        proved_by: factor.as_str(),
        kind,
        now: ctx.now(),
        expires_at,
    };
    queries::insert(tx, &new).await?;
    Ok(LoginOutcome::SecondFactorRequired(LoginChallenge { token, methods: factors.methods(), expires_at }))
}
