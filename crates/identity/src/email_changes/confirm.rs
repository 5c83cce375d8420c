//! A link of a change of address is used.

use kernel::Ctx;
use platform::{Problem, Tx, audit};
use serde_json::json;

use super::queries;
use super::request::BOTH;
use crate::emails;
use crate::one_time_links::{LinkError, LinkPurpose, consume, revoke_all};
use crate::users;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The other link is still to be used.
    Half,
    /// The account has its new address.
    Done,
}

/// Uses a link up and, when both were used, moves the account, in a transaction of the platform.
///
/// # Errors
/// 404 and 410 for a link that does not work, 409 `email_taken` when somebody else has taken the address meanwhile.
pub async fn confirm(ctx: &Ctx, tx: &mut Tx, code: &str, purpose: LinkPurpose) -> Result<Confirmed, Problem> {
    if !BOTH.contains(&purpose) {
        return Err(LinkError::Unknown.into());
    }
    let link = consume(ctx, tx, code, purpose).await?;
    let change = queries::pending_locked(tx, link.user_id, ctx.now()).await?.ok_or(LinkError::Expired)?;
    let is_new = purpose == LinkPurpose::ChangeEmailNew;
    if is_new && change.new_email != link.email {
        return Err(LinkError::Expired.into());
    }
    queries::note_confirmed(tx, change.id, is_new, ctx.now()).await?;
    let other = if is_new { change.old_confirmed_at } else { change.new_confirmed_at };
    if other.is_none() {
        return Ok(Confirmed::Half);
    }
    let before = users::account(tx, change.user_id).await?.ok_or_else(Problem::not_found)?;
    if !users::queries::change_email(tx, change.user_id, &change.new_email, ctx.now()).await? {
        return Err(Problem::conflict("email_taken"));
    }
    queries::end(tx, change.user_id, ctx.now()).await?;
    let every = [LinkPurpose::Recovery, LinkPurpose::SetPassword, LinkPurpose::VerifyEmail];
    revoke_all(ctx, tx, change.user_id, &[&every[..], &BOTH[..]].concat()).await?;
    audit::record(ctx, tx, "users.change_email", "user", Some(change.user_id.uuid()), &json!({})).await?;
    let key = format!("email-changed/{}", change.id);
    emails::post(ctx, tx, &before, key, "email-changed", ui::Args::default()).await?;
    Ok(Confirmed::Done)
}
