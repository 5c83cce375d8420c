//! Sends the mail that verifies an address.

use kernel::{Ctx, SystemReason};
use platform::http::Member;
use platform::rate_limits::{self, RateLimit};
use platform::{App, DatabaseError, Problem, Tx};
use time::Duration;
use ui::arg;

use crate::emails::queue_email;
use crate::one_time_links::issue::issue;
use crate::one_time_links::model::LinkPurpose;
use crate::users::model::Account;
use crate::users::queries::account;

/// Mails that one account may request.
const MAILS: RateLimit = RateLimit { name: "verification_mails", burst: 3, every: Duration::minutes(20) };

/// Queues a mail with a link to the account's address, in a transaction of the platform. Does nothing when the address is
/// verified.
pub(crate) async fn send_verification(
    ctx: &Ctx,
    tx: &mut Tx,
    app: &App,
    account: &Account,
) -> Result<(), DatabaseError> {
    if account.is_verified() {
        return Ok(());
    }
    let link = issue(ctx, tx, account.id, LinkPurpose::VerifyEmail).await?;
    let dedupe_key = format!("verify-email/{}", link.id());
    queue_email(ctx, tx, account, dedupe_key, "verify-email", arg("link", link.absolute(&app.config))).await
}

/// Sends the mail again at the request of its account.
///
/// # Errors
/// 429 after three mails.
pub(super) async fn send_again(app: &App, member: &Member) -> Result<(), Problem> {
    rate_limits::take(&member.ctx, app, MAILS, &member.user.user_id.to_string()).await?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let account = account(&mut tx, member.user.user_id).await?.ok_or_else(Problem::unauthorized)?;
    send_verification(&member.ctx, &mut tx, app, &account).await?;
    Ok(tx.commit().await?)
}
