//! Somebody says that a password is forgotten.

use kernel::{Ctx, SystemReason, UserId};
use platform::jobs::{Job, JobError, JobRun, enqueue};
use platform::rate_limits::{self, RateLimit};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::Duration;
use ui::arg;

use crate::emails;
use crate::one_time_links::{LinkPurpose, issue};
use crate::sessions::Caller;
use crate::users::{self, EmailAddress};

/// Requests from one address.
const BY_ADDRESS: RateLimit = RateLimit { name: "recovery_address", burst: 3, every: Duration::minutes(20) };
/// Mails to one mail address, existing or not.
const BY_ACCOUNT: RateLimit = RateLimit { name: "recovery_account", burst: 3, every: Duration::minutes(20) };

/// Send a link to whoever forgot a password; to nobody, when there is no such account. The work is asked for in either
/// case, so that the time tells nothing.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendRecovery {
    user_id: Option<UserId>,
}

impl Job for SendRecovery {
    const NAME: &'static str = "identity.send_recovery";
}

/// Takes the request for a link. What is told is the same for every address that can be one; a fourth request within the
/// hour sends nothing more, because three mails are there already.
///
/// # Errors
/// 422 for what is no address, 429 for a caller who asks for many.
pub async fn ask(ctx: &Ctx, app: &App, caller: &Caller, email: &str) -> Result<(), Problem> {
    let email = EmailAddress::parse(email).map_err(|_| Problem::invalid_field("email", "invalid_email"))?;
    rate_limits::take(ctx, app, BY_ADDRESS, &caller.address_key()).await?;
    let key: String = Sha256::digest(email.as_str().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    if let Err(problem) = rate_limits::take(ctx, app, BY_ACCOUNT, &key).await {
        return if problem.status() == http::StatusCode::TOO_MANY_REQUESTS { Ok(()) } else { Err(problem) };
    }
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let user_id = users::id_of_email(&mut tx, &email).await?;
    enqueue(ctx, &mut tx, &SendRecovery { user_id }).await?;
    Ok(tx.commit().await?)
}

pub(crate) async fn send(run: JobRun<SendRecovery>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let account = match run.job.user_id {
        Some(user_id) => users::account(&mut tx, user_id).await?,
        None => None,
    };
    if let Some(account) = account {
        let link = issue(&run.ctx, &mut tx, account.id, LinkPurpose::Recovery).await?;
        let dedupe_key = format!("recovery/{}", link.id());
        let args = arg("link", link.absolute(&run.app.config));
        emails::post(&run.ctx, &mut tx, &account, dedupe_key, "recovery", args).await?;
    }
    run.finish(&mut tx, &serde_json::Value::Null).await?;
    tx.commit().await?;
    Ok(())
}
