//! Issues and revokes links.

use kernel::{Ctx, UserId};
use platform::{DatabaseError, Tx};

use super::model::{LinkPurpose, LinkUrl};
use super::queries;
use crate::secret_token::OneTimeSecret;
use crate::users::email::EmailAddress;

/// Issues a link for the account's present address, in a transaction of the platform. Earlier links of the same purpose
/// work until one of them is used, because mails may arrive in any order.
///
/// # Errors
/// When the database fails; [`DatabaseError::RowNotFound`] when there is no such account.
pub async fn issue(ctx: &Ctx, tx: &mut Tx, user_id: UserId, purpose: LinkPurpose) -> Result<LinkUrl, DatabaseError> {
    insert(ctx, tx, user_id, purpose, None).await
}

/// As [`issue`], for an address that is not the account's (yet).
///
/// # Errors
/// As [`issue`].
pub(crate) async fn issue_to(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    purpose: LinkPurpose,
    email: &EmailAddress,
) -> Result<LinkUrl, DatabaseError> {
    insert(ctx, tx, user_id, purpose, Some(email)).await
}

async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    purpose: LinkPurpose,
    email: Option<&EmailAddress>,
) -> Result<LinkUrl, DatabaseError> {
    let (id, secret) = (ctx.new_id(), OneTimeSecret::generate(ctx.random()));
    let new = queries::NewLink {
        id,
        user_id,
        purpose,
        email: email.map(EmailAddress::as_str),
        secret_hash: &secret.hash(),
        now: ctx.now(),
        expires_at: ctx.now() + purpose.lifetime(),
    };
    if queries::insert(tx, &new).await? {
        Ok(LinkUrl::new(purpose, id, &secret))
    } else {
        Err(DatabaseError::RowNotFound)
    }
}

/// Revokes every unused link of these purposes, because the account changed.
pub(crate) async fn revoke_links(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    purposes: &[LinkPurpose],
) -> Result<(), DatabaseError> {
    let names: Vec<String> = purposes.iter().map(|purpose| purpose.as_str().to_owned()).collect();
    queries::revoke(tx, user_id, &names, ctx.now()).await
}
