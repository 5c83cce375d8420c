//! Somebody wants to leave, or to stay after all.

use kernel::Ctx;
use platform::{House, Problem, Tx, audit};
use serde_json::json;
use time::OffsetDateTime;
use ui::{Words, arg};

use super::model::GRACE;
use super::queries;
use crate::account::day;
use crate::sessions::require_recent_proof;
use crate::{letters, users};

/// Notes the wish to leave, in a transaction of the house; answers when it will be. Asked again, the day stays.
///
/// # Errors
/// 403 `reauthentication_required`.
pub async fn request(ctx: &Ctx, tx: &mut Tx, house: &House) -> Result<OffsetDateTime, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    require_recent_proof(ctx, tx).await?;
    let account = users::account(tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    if !queries::insert(tx, account.id, ctx.now(), ctx.now() + GRACE).await? {
        return queries::due_at(tx, account.id).await?.ok_or_else(Problem::unauthorized);
    }
    let due_at = ctx.now() + GRACE;
    let args =
        arg("link", house.config.absolute_url("/account/data")).arg("when", day(Words::new(account.locale()), due_at));
    letters::post(ctx, tx, &account, format!("deletion-asked/{}", ctx.request_id), "deletion-asked", args).await?;
    audit::record(ctx, tx, "users.ask_deletion", "user", Some(account.id.uuid()), &json!({})).await?;
    Ok(due_at)
}

/// Takes the wish back, in a transaction of the house. Needs no new proof: to stay is always safe.
///
/// # Errors
/// 401 when nobody is logged in.
pub async fn cancel(ctx: &Ctx, tx: &mut Tx) -> Result<(), Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let account = users::account(tx, user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    if queries::cancel(tx, account.id, ctx.now()).await? {
        let key = format!("deletion-cancelled/{}", ctx.request_id);
        letters::post(ctx, tx, &account, key, "deletion-cancelled", ui::Args::default()).await?;
        audit::record(ctx, tx, "users.cancel_deletion", "user", Some(account.id.uuid()), &json!({})).await?;
    }
    Ok(())
}
