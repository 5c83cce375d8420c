//! Verifies an address by a one-time link.

use kernel::{Ctx, SystemReason};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem, audit};
use serde_json::json;
use time::Duration;

use crate::one_time_links::consume::consume_link;
use crate::one_time_links::issue::revoke_links;
use crate::one_time_links::model::{LinkError, LinkPurpose};
use crate::sessions::caller::Caller;
use crate::users::queries::verify_email;

/// Codes that one IP address may try.
const TRIES: RateLimit = RateLimit { name: "verification_tries", burst: 30, every: Duration::seconds(10) };

/// Uses the link up and records that its address is verified.
///
/// # Errors
/// 404 `link_unknown`, 410 `link_used` or `link_expired`, 429.
pub(super) async fn verify(ctx: &Ctx, app: &App, caller: &Caller, code: &str) -> Result<(), Problem> {
    rate_limits::take(ctx, app, TRIES, &caller.address_key()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let link = consume_link(ctx, &mut tx, code, LinkPurpose::VerifyEmail).await?;
    if !verify_email(&mut tx, link.user_id, &link.email, ctx.now()).await? {
        return Err(LinkError::Expired.into());
    }
    revoke_links(ctx, &mut tx, link.user_id, &[LinkPurpose::VerifyEmail]).await?;
    audit::record(ctx, &mut tx, "users.verify_email", "user", Some(link.user_id.uuid()), &json!({})).await?;
    Ok(tx.commit().await?)
}
