//! A link is looked at, and used.

use kernel::Ctx;
use platform::{Tx, mail};

use super::model::{Link, LinkError, LinkPurpose, parse_code};
use super::queries;

/// Whether a code works at this moment, in a transaction of the platform; changes nothing. What a link's page asks.
///
/// # Errors
/// See [`LinkError`].
pub async fn look(ctx: &Ctx, tx: &mut Tx, code: &str, purpose: LinkPurpose) -> Result<Link, LinkError> {
    let (id, secret) = parse_code(code).ok_or(LinkError::Unknown)?;
    let found = queries::find_locked(tx, id, &secret.hash(), purpose).await?.ok_or(LinkError::Unknown)?;
    if found.consumed_at.is_some() {
        return Err(LinkError::Used);
    }
    let speaks = found.is_present_address || !purpose.is_for_present_address();
    if found.revoked_at.is_some() || found.expires_at <= ctx.now() || !speaks {
        return Err(LinkError::Expired);
    }
    Ok(queries::link(id, purpose, found))
}

/// Uses a code up, in a transaction of the platform; whoever comes second, even at the same moment, is told that it was
/// used. The mail that carried it is cleared of it.
///
/// # Errors
/// See [`LinkError`].
pub async fn consume(ctx: &Ctx, tx: &mut Tx, code: &str, purpose: LinkPurpose) -> Result<Link, LinkError> {
    let link = look(ctx, tx, code, purpose).await?;
    queries::mark_consumed(tx, link.id, ctx.now()).await?;
    if mail::clear_code(tx, link.user_id, &link.id.uuid().simple().to_string()).await? {
        queries::mark_cleared(tx, link.id, ctx.now()).await?;
    }
    Ok(link)
}
