//! Bans: a banned account may not generate, publish or buy; what it bought stays, and can be downloaded.

use kernel::{Ctx, Role, SystemReason, UserId};
use platform::{App, Problem, Tx, audit};
use serde_json::json;

use super::queries;
use crate::reason;

/// Whether a ban is set or lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The account may no longer generate, publish or buy.
    Ban,
    /// The account may do so again.
    Unban,
}

/// Bans an account or lifts its ban, in a transaction of its own. `reason` is what the operator wrote.
///
/// # Errors
/// 422 for a reason that says nothing, and those of [`ban`] and [`unban`].
pub(super) async fn set_ban(app: &App, ctx: &Ctx, id: UserId, verdict: Verdict, reason: &str) -> Result<(), Problem> {
    let reason = reason::read(reason).map_err(|problem| Problem::invalid(vec![problem]))?;
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    match verdict {
        Verdict::Ban => ban(ctx, &mut tx, id, &reason).await?,
        Verdict::Unban => unban(ctx, &mut tx, id, &reason).await?,
    }
    Ok(tx.commit().await?)
}

/// Bans an account. Banning again changes nothing.
///
/// # Errors
/// 404; 409 `cannot_ban_operator`: an operator's rights are withdrawn first, also one's own.
pub async fn ban(ctx: &Ctx, tx: &mut Tx, id: UserId, reason: &str) -> Result<(), Problem> {
    let person = queries::person(tx, id).await?.ok_or_else(Problem::not_found)?;
    if person.role == Role::Admin {
        return Err(Problem::conflict("cannot_ban_operator"));
    }
    set(ctx, tx, id, person.is_banned, true, "users.ban", reason).await
}

/// Lifts a ban. Lifting none changes nothing.
///
/// # Errors
/// 404.
pub async fn unban(ctx: &Ctx, tx: &mut Tx, id: UserId, reason: &str) -> Result<(), Problem> {
    let person = queries::person(tx, id).await?.ok_or_else(Problem::not_found)?;
    set(ctx, tx, id, person.is_banned, false, "users.unban", reason).await
}

async fn set(
    ctx: &Ctx,
    tx: &mut Tx,
    id: UserId,
    was_banned: bool,
    is_banned: bool,
    action: &str,
    reason: &str,
) -> Result<(), Problem> {
    if was_banned != is_banned {
        identity::users::set_banned(tx, id, is_banned, ctx.now()).await?;
        audit::record(ctx, tx, action, "user", Some(id.uuid()), &json!({ "reason": reason })).await?;
    }
    Ok(())
}
