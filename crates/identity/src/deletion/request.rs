//! Somebody wants to leave, or to stay after all.

use kernel::Ctx;
use platform::{App, Problem, Tx, audit};
use serde_json::json;
use time::OffsetDateTime;
use ui::{Messages, arg};

use super::model::GRACE;
use super::queries;
use crate::account_settings::day;
use crate::sessions::require_recent_proof;
use crate::{emails, users};

/// Notes the wish to leave, in a transaction of the platform; answers when it will be. Asked again, the day stays.
///
/// # Errors
/// 403 `reauthentication_required`.
pub async fn request(ctx: &Ctx, tx: &mut Tx, app: &App) -> Result<OffsetDateTime, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    require_recent_proof(ctx, tx).await?;
    let account = users::account(tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    if !queries::insert(tx, account.id, ctx.now(), ctx.now() + GRACE).await? {
        return queries::due_at(tx, account.id).await?.ok_or_else(Problem::unauthorized);
    }
    let due_at = ctx.now() + GRACE;
    let args =
        arg("link", app.config.absolute_url("/account/data")).arg("when", day(Messages::new(account.locale()), due_at));
    emails::post(ctx, tx, &account, format!("deletion-asked/{}", ctx.request_id), "deletion-asked", args).await?;
    audit::record(ctx, tx, "users.ask_deletion", "user", Some(account.id.uuid()), &json!({})).await?;
    Ok(due_at)
}

/// Takes the wish back, in a transaction of the platform. Needs no new proof: to stay is always safe.
///
/// # Errors
/// 401 when nobody is logged in.
pub async fn cancel(ctx: &Ctx, tx: &mut Tx) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let account = users::account(tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    if queries::cancel(tx, account.id, ctx.now()).await? {
        let key = format!("deletion-cancelled/{}", ctx.request_id);
        emails::post(ctx, tx, &account, key, "deletion-cancelled", ui::Args::default()).await?;
        audit::record(ctx, tx, "users.cancel_deletion", "user", Some(account.id.uuid()), &json!({})).await?;
    }
    Ok(())
}
