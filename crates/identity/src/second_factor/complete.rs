//! Completes a login with its second factor.

use http::StatusCode;
use kernel::{Ctx, SystemReason, UserId};
use platform::rate_limits::{self, RateLimit};
use platform::{App, DatabaseError, Problem, Tx, audit};
use serde_json::json;
use time::Duration;

use super::model::{CHALLENGE_ATTEMPTS_MAX, Factors};
use super::notices::{Notice, notify};
use super::queries::{self, Challenge, factors};
use super::recovery_codes::{RecoveryCode, code_matches, find_code_hash, use_code};
use super::typed_code::TypedCode;
use crate::auth::logged_in::complete_login;
use crate::auth::model::LoggedIn;
use crate::secret_token::OneTimeSecret;
use crate::sessions::caller::Caller;
use crate::sessions::model::Factor;
use crate::totp::check::{accept_code, clear_failures, count_attempt};
use crate::totp::model::TotpSecret;
use crate::users::queries::account;

/// Second factors presented for one account, right or wrong.
const BY_ACCOUNT: RateLimit = RateLimit { name: "second_factor_account", burst: 10, every: Duration::seconds(30) };

/// 401 `challenge_ended`: the challenge is unknown, expired, used, or has no attempts left.
pub(crate) fn challenge_ended() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "challenge_ended")
}

/// The account of an open challenge and its factors; `None` when the challenge has ended.
///
/// # Errors
/// 503 when the database fails.
pub(crate) async fn find_challenge(ctx: &Ctx, app: &App, token: &str) -> Result<Option<(UserId, Factors)>, Problem> {
    let Some(token) = OneTimeSecret::parse(token) else { return Ok(None) };
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let found = match queries::find_challenge(&mut tx, &token.hash(), ctx.now()).await? {
        Some(challenge) => Some((challenge.user_id, factors(&mut tx, challenge.user_id).await?)),
        None => None,
    };
    tx.commit().await?;
    Ok(found)
}

/// A typed code with the stored secret that it must match.
enum CodeCheck {
    Totp(TotpSecret, String),
    Recovery(RecoveryCode, Option<String>),
    Impossible,
}

/// Completes a login with a code of an authenticator app or a recovery code.
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
    let token = OneTimeSecret::parse(token).ok_or_else(challenge_ended)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let found = queries::find_challenge(&mut tx, &token.hash(), ctx.now()).await?;
    let user_id = found.ok_or_else(challenge_ended)?.user_id;
    tx.commit().await?;
    rate_limits::take(ctx, app, BY_ACCOUNT, &user_id.to_string()).await?;

    // The attempt is counted and committed before it is checked, so that concurrent attempts cannot pass together.
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let challenge = queries::take_attempt(&mut tx, &token.hash(), ctx.now()).await?.ok_or_else(challenge_ended)?;
    let check = match TypedCode::parse(typed) {
        Some(TypedCode::Totp(code)) => match count_attempt(&app.config, &mut tx, challenge.user_id).await? {
            Some(secret) => CodeCheck::Totp(secret, code),
            None => CodeCheck::Impossible,
        },
        Some(TypedCode::Recovery(code)) => {
            let hash = find_code_hash(&mut tx, challenge.user_id, &code).await?;
            CodeCheck::Recovery(code, hash)
        }
        None => CodeCheck::Impossible,
    };
    tx.commit().await?;

    match accept(ctx, app, &challenge, check, caller).await? {
        Some(logged_in) => Ok(logged_in),
        None => {
            warn_owner(ctx, app, &challenge).await?;
            Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong_code"))
        }
    }
}

/// Uses the code and starts the session in one transaction; `None` when the code is wrong.
async fn accept(
    ctx: &Ctx,
    app: &App,
    challenge: &Challenge,
    check: CodeCheck,
    caller: &Caller,
) -> Result<Option<LoggedIn>, Problem> {
    let user_id = challenge.user_id;
    match check {
        CodeCheck::Totp(secret, code) => {
            let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
            if !accept_code(ctx, &mut tx, user_id, &secret, &code).await? {
                return Ok(None);
            }
            let logged_in = complete(ctx, &mut tx, challenge, Factor::Totp, caller).await?;
            tx.commit().await?;
            Ok(Some(logged_in))
        }
        CodeCheck::Recovery(code, hash) => {
            if !code_matches(&code, hash.clone()).await? {
                return Ok(None);
            }
            let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
            let hash = hash.unwrap_or_default();
            if !use_code(ctx, &mut tx, user_id, &code, &hash).await? {
                return Ok(None);
            }
            clear_failures(&mut tx, user_id).await?;
            let logged_in = complete(ctx, &mut tx, challenge, Factor::RecoveryCode, caller).await?;
            let left = factors(&mut tx, user_id).await?.recovery_codes;
            notify(ctx, app, &mut tx, user_id, &Notice::RecoveryCodeUsed { left }).await?;
            tx.commit().await?;
            Ok(Some(logged_in))
        }
        CodeCheck::Impossible => Ok(None),
    }
}

/// Completes a login whose second factor is a passkey that was verified in the same transaction.
///
/// # Errors
/// 401 `challenge_ended` when it has ended or belongs to another account.
pub(crate) async fn complete_with_passkey(
    ctx: &Ctx,
    tx: &mut Tx,
    token: &str,
    user_id: UserId,
    caller: &Caller,
) -> Result<LoggedIn, Problem> {
    let token = OneTimeSecret::parse(token).ok_or_else(challenge_ended)?;
    let challenge = queries::find_challenge(tx, &token.hash(), ctx.now()).await?.ok_or_else(challenge_ended)?;
    if challenge.user_id != user_id {
        return Err(challenge_ended());
    }
    clear_failures(tx, user_id).await?;
    complete(ctx, tx, &challenge, Factor::Passkey, caller).await
}

/// Uses the challenge up and starts its session.
async fn complete(
    ctx: &Ctx,
    tx: &mut Tx,
    challenge: &Challenge,
    second: Factor,
    caller: &Caller,
) -> Result<LoggedIn, Problem> {
    if !queries::consume(tx, challenge.id, ctx.now()).await? {
        return Err(challenge_ended());
    }
    let first = Factor::parse(&challenge.proved_by).ok_or_else(challenge_ended)?;
    let account = account(tx, challenge.user_id).await?.ok_or_else(challenge_ended)?;
    let logged_in = complete_login(ctx, tx, account, challenge.kind, caller, &[first, second]).await?;
    let factor = json!({"factor": second.as_str()});
    audit::record(ctx, tx, "users.second_factor", "user", Some(challenge.user_id.uuid()), &factor).await?;
    Ok(logged_in)
}

/// After the last wrong code of a challenge, tells the owner that somebody has given the right first factor.
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
