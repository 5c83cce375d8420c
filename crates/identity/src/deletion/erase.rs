//! Erases accounts whose grace period is over.

use kernel::{Ctx, Locale};
use platform::jobs::{Job, JobError, JobRun};
use platform::{DatabaseError, Tx, audit, http::forget_answers, mail};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;
use ui::Messages;

use super::model::{ErasedAccount, ErasureHooks};
use super::queries;
use crate::emails::queue_email;
use crate::exports::queries::expire_all;
use crate::login_throttle::model::LoginAttempt;
use crate::second_factor::queries::delete_all_factors;
use crate::users::email::EmailAddress;
use crate::users::model::Account;
use crate::users::queries::account;

/// How long the last mail to an erased account may wait in the outbox; the outbox gives up before.
const LAST_MAIL: Duration = Duration::days(3);

/// Erases every account whose grace period is over, and the addresses of the last mails to accounts that were erased before.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EraseAccounts {}

impl Job for EraseAccounts {
    const NAME: &'static str = "identity.erase_accounts";
}

/// Erases each account in a transaction of its own, so that a failure of one does not keep the others.
pub(super) async fn erase_due(hooks: ErasureHooks, run: JobRun<EraseAccounts>) -> Result<(), JobError> {
    let mut erased = 0;
    loop {
        let mut tx = run.begin().await?;
        let Some(user_id) = queries::next_due(&mut tx, run.ctx.now()).await? else { break };
        let Some(account) = account(&mut tx, user_id).await? else { break };
        let erased_account = ErasedAccount { user_id, email: account.email.clone() };
        for hook in hooks.iter() {
            hook(&run.app, &run.ctx, &mut tx, &erased_account).await?;
        }
        erase(&run.ctx, &mut tx, &account).await?;
        tx.commit().await?;
        erased += 1;
    }
    let mut tx = run.begin().await?;
    for user_id in queries::erased_since(&mut tx, run.ctx.now() - LAST_MAIL).await? {
        mail::forget_recipient(&mut tx, user_id).await?;
    }
    run.finish(&mut tx, &json!({"erased": erased})).await?;
    tx.commit().await?;
    Ok(())
}

async fn erase(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<(), DatabaseError> {
    let user_id = account.id;
    mail::forget_recipient(tx, user_id).await?;
    // The last mail. The next runs of this job erase its address once it has been sent.
    let key = format!("deletion-done/{user_id}");
    queue_email(ctx, tx, account, key, "deletion-done", ui::Args::default()).await?;
    if let Ok(email) = EmailAddress::parse(&account.email) {
        LoginAttempt::Account(email).reset(tx).await?;
    }
    delete_all_factors(tx, user_id).await?;
    expire_all(tx, user_id, ctx.now()).await?;
    forget_answers(tx, user_id).await?;
    let display_name = Messages::new(Locale::default()).say("deletion-erased-name");
    queries::erase(tx, user_id, &display_name, ctx.now()).await?;
    audit::record(ctx, tx, "users.erase", "user", Some(user_id.uuid()), &json!({})).await
}
