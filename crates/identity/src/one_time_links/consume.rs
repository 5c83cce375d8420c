//! A link is looked at, and used.

use kernel::Ctx;
use platform::{Tx, mail};

use super::model::{Link, LinkFault, LinkPurpose, parse_code};
use super::queries;

/// Whether a code works at this moment, in a transaction of the house; changes nothing. What a link's page asks.
///
/// # Errors
/// See [`LinkFault`].
pub async fn look(ctx: &Ctx, tx: &mut Tx, code: &str, purpose: LinkPurpose) -> Result<Link, LinkFault> {
    let (id, secret) = parse_code(code).ok_or(LinkFault::Unknown)?;
    let found = queries::find_locked(tx, id, &secret.hash(), purpose).await?.ok_or(LinkFault::Unknown)?;
    if found.consumed_at.is_some() {
        return Err(LinkFault::Used);
    }
    let speaks = found.is_present_address || !purpose.is_for_present_address();
    if found.revoked_at.is_some() || found.expires_at <= ctx.now() || !speaks {
        return Err(LinkFault::Expired);
    }
    Ok(queries::link(id, purpose, found))
}

/// Uses a code up, in a transaction of the house; whoever comes second, even at the same moment, is told that it was
/// used. The mail that carried it is cleared of it.
///
/// # Errors
/// See [`LinkFault`].
pub async fn consume(ctx: &Ctx, tx: &mut Tx, code: &str, purpose: LinkPurpose) -> Result<Link, LinkFault> {
    let link = look(ctx, tx, code, purpose).await?;
    queries::mark_consumed(tx, link.id, ctx.now()).await?;
    if mail::clear_code(tx, link.user_id, &link.id.uuid().simple().to_string()).await? {
        queries::mark_cleared(tx, link.id, ctx.now()).await?;
    }
    Ok(link)
}
