//! Checks a link and uses it.

use kernel::Ctx;
use platform::{Tx, mail};

use super::model::{Link, LinkError, LinkPurpose, parse_code};
use super::queries;

/// The link of a code when it works now, in a transaction of the platform. Changes nothing; what the link's page asks.
///
/// # Errors
/// See [`LinkError`].
pub(crate) async fn check_link(ctx: &Ctx, tx: &mut Tx, code: &str, purpose: LinkPurpose) -> Result<Link, LinkError> {
    let (id, secret) = parse_code(code).ok_or(LinkError::Unknown)?;
    let found = queries::find_locked(tx, id, &secret.hash(), purpose).await?.ok_or(LinkError::Unknown)?;
    if found.consumed_at.is_some() {
        return Err(LinkError::Used);
    }
    let is_right_address = found.is_present_address || !purpose.is_for_present_address();
    if found.revoked_at.is_some() || found.expires_at <= ctx.now() || !is_right_address {
        return Err(LinkError::Expired);
    }
    Ok(Link { id, user_id: found.user_id, purpose, email: found.email })
}

/// Uses a link up, in a transaction of the platform, and removes it from the stored mail. Of several concurrent calls one
/// succeeds; the others get [`LinkError::Used`].
///
/// # Errors
/// See [`LinkError`].
pub(crate) async fn consume_link(ctx: &Ctx, tx: &mut Tx, code: &str, purpose: LinkPurpose) -> Result<Link, LinkError> {
    let link = check_link(ctx, tx, code, purpose).await?;
    queries::mark_consumed(tx, link.id, ctx.now()).await?;
    if mail::clear_code(tx, link.user_id, &link.id.uuid().simple().to_string()).await? {
        queries::mark_cleared(tx, link.id, ctx.now()).await?;
    }
    Ok(link)
}
