//! The second proof is given.

use http::StatusCode;
use kernel::{Ctx, SystemReason, UserId};
use platform::rate_limits::{self, RateLimit};
use platform::{App, DatabaseError, Problem, Tx, audit};
use serde_json::json;
use time::Duration;

use super::code::TypedCode;
use super::model::{CHALLENGE_ATTEMPTS_MAX, Factors};
use super::notices::{Notice, notify};
use super::queries::{self, Challenge};
use super::recovery_codes;
use crate::auth::{self, LoggedIn};
use crate::one_time_secret::OneTimeSecret;
use crate::sessions::{Caller, Factor};
use crate::totp;
use crate::users;

/// Second proofs for one account, right or wrong.
const BY_ACCOUNT: RateLimit = RateLimit { name: "second_factor_account", burst: 10, every: Duration::seconds(30) };

/// 401 `wrong_code`.
fn wrong() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "wrong_code")
}

/// 401 `challenge_ended`: it is over, used up, or never was.
pub(super) fn ended() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "challenge_ended")
}

/// Whose challenge this is and what can answer it; nothing when it is over.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn look(ctx: &Ctx, app: &App, token: &str) -> Result<Option<(UserId, Factors)>, Problem> {
    let Some(token) = OneTimeSecret::parse(token) else { return Ok(None) };
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let found = match queries::look(&mut tx, &token.hash(), ctx.now()).await? {
        Some(challenge) => Some((challenge.user_id, queries::factors(&mut tx, challenge.user_id).await?)),
        None => None,
    };
    tx.commit().await?;
    Ok(found)
}

/// What a code has to be held against.
enum Held {
    Totp(totp::TotpSecret, String),
    Recovery(recovery_codes::RecoveryCode, Option<String>),
    Nothing,
}

/// Completes a log-in with a code of an app or a recovery code.
///
/// # Errors
/// 401 `wrong_code` or `challenge_ended`, 429, 503.
pub(super) async fn complete_with_code(
    ctx: &Ctx,
    app: &App,
    token: &str,
    typed: &str,
    caller: &Caller,
) -> Result<LoggedIn, Problem> {
    let token = OneTimeSecret::parse(token).ok_or_else(ended)?;
    let code = TypedCode::parse(typed);
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let owner = queries::look(&mut tx, &token.hash(), ctx.now()).await?.ok_or_else(ended)?.user_id;
    tx.commit().await?;
    rate_limits::take(ctx, app, BY_ACCOUNT, &owner.to_string()).await?;

    // The guess is counted and committed before anybody looks at it: parallel guesses cannot pass together.
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let challenge = queries::take_attempt(&mut tx, &token.hash(), ctx.now()).await?.ok_or_else(ended)?;
    let held = match code {
        Some(TypedCode::Totp(code)) => match totp::reserve_guess(&app.config, &mut tx, challenge.user_id).await? {
            Some(secret) => Held::Totp(secret, code),
            None => Held::Nothing,
        },
        Some(TypedCode::Recovery(code)) => {
            let hash = recovery_codes::hash_of(&mut tx, challenge.user_id, &code).await?;
            Held::Recovery(code, hash)
        }
        None => Held::Nothing,
    };
    tx.commit().await?;

    match accept(ctx, app, &challenge, held, caller).await? {
        Some(entered) => Ok(entered),
        None => {
            warn_owner(ctx, app, &challenge).await?;
            Err(wrong())
        }
    }
}

/// Takes the code and begins the session, both or neither; nothing when the code is wrong.
async fn accept(
    ctx: &Ctx,
    app: &App,
    challenge: &Challenge,
    held: Held,
    caller: &Caller,
) -> Result<Option<LoggedIn>, Problem> {
    let user_id = challenge.user_id;
    match held {
        Held::Totp(secret, code) => {
            let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
            if !totp::accept(ctx, &mut tx, user_id, &secret, &code).await? {
                return Ok(None);
            }
            let entered = begin(ctx, &mut tx, challenge, Factor::Totp, caller).await?;
            tx.commit().await?;
            Ok(Some(entered))
        }
        Held::Recovery(code, hash) => {
            if !recovery_codes::is_right(&code, hash.clone()).await? {
                return Ok(None);
            }
            let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
            let hash = hash.unwrap_or_default();
            if !recovery_codes::spend(ctx, &mut tx, user_id, &code, &hash).await? {
                return Ok(None);
            }
            totp::clear_failures(&mut tx, user_id).await?;
            let entered = begin(ctx, &mut tx, challenge, Factor::RecoveryCode, caller).await?;
            let left = queries::factors(&mut tx, user_id).await?.recovery_codes;
            notify(ctx, app, &mut tx, user_id, &Notice::RecoveryCodeUsed { left }).await?;
            tx.commit().await?;
            Ok(Some(entered))
        }
        Held::Nothing => Ok(None),
    }
}

/// Completes a log-in whose second proof is a passkey that was verified in the same transaction.
///
/// # Errors
/// 401 `challenge_ended` when it is over, used up, or somebody else's.
pub(crate) async fn complete_with_passkey(
    ctx: &Ctx,
    tx: &mut Tx,
    token: &str,
    user_id: UserId,
    caller: &Caller,
) -> Result<LoggedIn, Problem> {
    let token = OneTimeSecret::parse(token).ok_or_else(ended)?;
    let challenge = queries::look(tx, &token.hash(), ctx.now()).await?.ok_or_else(ended)?;
    if challenge.user_id != user_id {
        return Err(ended());
    }
    totp::clear_failures(tx, user_id).await?;
    begin(ctx, tx, &challenge, Factor::Passkey, caller).await
}

/// Uses the challenge up and begins the session that it was for.
async fn begin(
    ctx: &Ctx,
    tx: &mut Tx,
    challenge: &Challenge,
    second: Factor,
    caller: &Caller,
) -> Result<LoggedIn, Problem> {
    if !queries::consume(tx, challenge.id, ctx.now()).await? {
        return Err(ended());
    }
    let first = Factor::parse(&challenge.proved_by).ok_or_else(ended)?;
    let account = users::account(tx, challenge.user_id).await?.ok_or_else(ended)?;
    let entered = auth::enter(ctx, tx, account, challenge.kind, caller, &[first, second]).await?;
    let how = json!({"factor": second.as_str()});
    audit::record(ctx, tx, "users.second_factor", "user", Some(challenge.user_id.uuid()), &how).await?;
    Ok(entered)
}

/// After the last wrong code, the owner is told that somebody has got as far as that.
async fn warn_owner(ctx: &Ctx, app: &App, challenge: &Challenge) -> Result<(), DatabaseError> {
    if challenge.attempts < CHALLENGE_ATTEMPTS_MAX {
        return Ok(());
    }
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let user = Some(challenge.user_id.uuid());
    audit::record(ctx, &mut tx, "users.second_factor_failed", "user", user, &json!({})).await?;
    notify(ctx, app, &mut tx, challenge.user_id, &Notice::WrongCodes).await?;
    tx.commit().await
}
