//! Confirms a change of address by one of its links.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem, audit};
use serde_json::json;
use time::Duration;

use super::model::{Confirmed, LINK_PURPOSES};
use super::queries;
use crate::emails::queue_email;
use crate::one_time_links::consume::consume_link;
use crate::one_time_links::issue::revoke_links;
use crate::one_time_links::model::{LinkError, LinkPurpose};
use crate::sessions::caller::Caller;
use crate::users::queries::{account, change_email};

/// Codes that one IP address may try.
const TRIES: RateLimit = RateLimit { name: "email_change_tries", burst: 30, every: Duration::seconds(10) };

/// Uses a link up and, when both were used, changes the address and notifies the old one.
///
/// # Errors
/// 404 and 410 for a link that does not work, 409 `email_taken` when another account has the address by now, 429.
pub(super) async fn confirm_change(
    ctx: &Ctx,
    app: &App,
    caller: &Caller,
    code: &str,
    purpose: LinkPurpose,
) -> Result<Confirmed, Problem> {
    rate_limits::take(ctx, app, TRIES, &caller.address_key()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = consume_link(ctx, &mut tx, code, purpose).await?;
    let change = queries::pending_locked(&mut tx, link.user_id, ctx.now()).await?.ok_or(LinkError::Expired)?;
    let is_new = purpose == LinkPurpose::ChangeEmailNew;
    if is_new && change.new_email != link.email {
        return Err(LinkError::Expired.into());
    }
    queries::record_confirmed(&mut tx, change.id, is_new, ctx.now()).await?;
    let other = if is_new { change.old_confirmed_at } else { change.new_confirmed_at };
    if other.is_none() {
        tx.commit().await?;
        return Ok(Confirmed::Half);
    }
    let before = account(&mut tx, change.user_id).await?.ok_or_else(Problem::not_found)?;
    if !change_email(&mut tx, change.user_id, &change.new_email, ctx.now()).await? {
        return Err(Problem::conflict("email_taken"));
    }
    queries::end(&mut tx, change.user_id, ctx.now()).await?;
    let others = [LinkPurpose::Recovery, LinkPurpose::SetPassword, LinkPurpose::VerifyEmail];
    revoke_links(ctx, &mut tx, change.user_id, &[&others[..], &LINK_PURPOSES[..]].concat()).await?;
    audit::record(ctx, &mut tx, "users.change_email", "user", Some(change.user_id.uuid()), &json!({})).await?;
    let key = format!("email-changed/{}", change.id);
    queue_email(ctx, &mut tx, &before, key, "email-changed", ui::Args::default()).await?;
    tx.commit().await?;
    Ok(Confirmed::Done)
}
