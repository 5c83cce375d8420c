//! Requests a recovery link by mail.

use kernel::{Ctx, SystemReason, UserId};
use platform::jobs::{Job, JobError, JobRun, enqueue};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::Duration;
use ui::arg;

use crate::emails::queue_email;
use crate::one_time_links::issue::issue;
use crate::one_time_links::model::LinkPurpose;
use crate::sessions::caller::Caller;
use crate::users::email::EmailAddress;
use crate::users::queries::{account, id_of_email};

/// Requests from one IP address.
const BY_ADDRESS: RateLimit = RateLimit { name: "recovery_address", burst: 3, every: Duration::minutes(20) };
/// Mails to one mail address, whether or not it has an account.
const BY_ACCOUNT: RateLimit = RateLimit { name: "recovery_account", burst: 3, every: Duration::minutes(20) };

/// Sends a recovery link to an account. It is also enqueued without an account, so that the time of a request does not
/// reveal whether there is one.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SendRecovery {
    user_id: Option<UserId>,
}

impl Job for SendRecovery {
    const NAME: &'static str = "identity.send_recovery";
}

/// Requests a link. The answer is the same for every well-formed address. A fourth request for an address within the hour
/// sends nothing.
///
/// # Errors
/// 422 for a malformed address, 429 for a caller with many requests.
pub(super) async fn request_recovery(ctx: &Ctx, app: &App, caller: &Caller, email: &str) -> Result<(), Problem> {
    let email = EmailAddress::parse(email).map_err(|_| Problem::invalid_field("email", "invalid_email"))?;
    rate_limits::take(ctx, app, BY_ADDRESS, &caller.address_key()).await?;
    let key: String = Sha256::digest(email.as_str().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    if let Err(problem) = rate_limits::take(ctx, app, BY_ACCOUNT, &key).await {
        return if problem.status() == http::StatusCode::TOO_MANY_REQUESTS { Ok(()) } else { Err(problem) };
    }
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let user_id = id_of_email(&mut tx, &email).await?;
    enqueue(ctx, &mut tx, &SendRecovery { user_id }).await?;
    Ok(tx.commit().await?)
}

/// Issues the link and queues its mail.
pub(super) async fn send_recovery(run: JobRun<SendRecovery>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let account = match run.job.user_id {
        Some(user_id) => account(&mut tx, user_id).await?,
        None => None,
    };
    if let Some(account) = account {
        let link = issue(&run.ctx, &mut tx, account.id, LinkPurpose::Recovery).await?;
        let dedupe_key = format!("recovery/{}", link.id());
        let args = arg("link", link.absolute(&run.app.config));
        queue_email(&run.ctx, &mut tx, &account, dedupe_key, "recovery", args).await?;
    }
    run.finish(&mut tx, &serde_json::Value::Null).await?;
    tx.commit().await?;
    Ok(())
}
