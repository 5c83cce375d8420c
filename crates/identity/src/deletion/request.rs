//! Requests and cancels the deletion of an account.

use kernel::{Ctx, SystemReason};
use platform::{App, Problem, audit};
use serde_json::json;
use time::OffsetDateTime;
use ui::arg;
use ui::dates::day;

use super::model::GRACE;
use super::queries;
use crate::emails::queue_email;
use crate::sessions::proof::require_recent_proof;
use crate::users::queries::account;

/// Requests the deletion of the actor's account; returns when it is due. A repeated request keeps the day.
///
/// # Errors
/// 403 `reauthentication_required`.
pub(super) async fn request_deletion(ctx: &Ctx, app: &App) -> Result<OffsetDateTime, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    require_recent_proof(ctx, &mut tx).await?;
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    let due_at = ctx.now() + GRACE;
    if !queries::insert(&mut tx, account.id, ctx.now(), due_at).await? {
        return queries::due_at(&mut tx, account.id).await?.ok_or_else(Problem::unauthorized);
    }
    let args = arg("link", app.config.absolute_url("/account/data")).arg("when", day(account.locale(), due_at));
    let key = format!("deletion-asked/{}", ctx.request_id);
    queue_email(ctx, &mut tx, &account, key, "deletion-asked", args).await?;
    audit::record(ctx, &mut tx, "users.ask_deletion", "user", Some(account.id.uuid()), &json!({})).await?;
    tx.commit().await?;
    Ok(due_at)
}

/// Cancels the deletion of the actor's account. Needs no recent proof, because keeping an account is always safe.
///
/// # Errors
/// 401 when nobody is logged in.
pub(super) async fn cancel_deletion(ctx: &Ctx, app: &App) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let account = account(&mut tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    if queries::cancel(&mut tx, account.id, ctx.now()).await? {
        let key = format!("deletion-cancelled/{}", ctx.request_id);
        queue_email(ctx, &mut tx, &account, key, "deletion-cancelled", ui::Args::default()).await?;
        audit::record(ctx, &mut tx, "users.cancel_deletion", "user", Some(account.id.uuid()), &json!({})).await?;
    }
    Ok(tx.commit().await?)
}
