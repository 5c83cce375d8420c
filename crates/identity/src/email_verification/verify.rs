//! A link from a mail shows that the address is theirs.

use kernel::{Ctx, UserId};
use platform::{Tx, audit};
use serde_json::json;

use crate::one_time_links::{LinkError, LinkPurpose, consume, revoke_all};
use crate::users;

/// Uses the link up and notes that its address is verified, in a transaction of the platform.
///
/// # Errors
/// See [`LinkError`].
pub async fn verify(ctx: &Ctx, tx: &mut Tx, code: &str) -> Result<UserId, LinkError> {
    let link = consume(ctx, tx, code, LinkPurpose::VerifyEmail).await?;
    if !users::verify_email(tx, link.user_id, &link.email, ctx.now()).await? {
        return Err(LinkError::Expired);
    }
    revoke_all(ctx, tx, link.user_id, &[LinkPurpose::VerifyEmail]).await?;
    audit::record(ctx, tx, "users.verify_email", "user", Some(link.user_id.uuid()), &json!({})).await?;
    Ok(link.user_id)
}
