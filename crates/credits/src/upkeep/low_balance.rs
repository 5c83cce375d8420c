//! Mails a user whose balance is low. `app.credits_count_use` enqueues it on a capture, once a month at most.

use identity::users;
use kernel::UserId;
use platform::jobs::{Job, JobError, JobRun};
use platform::mail::write;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ui::arg;
use ui::dates::month_start;
use ui::mails::compose;

use crate::plans::queries::plan_of;
use crate::wallets::queries::balance;

/// Mail this user that the balance is low.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotifyLowBalance {
    /// The user.
    pub user_id: UserId,
}

impl Job for NotifyLowBalance {
    const NAME: &'static str = "credits.notify_low_balance";
}

pub(super) async fn notify(run: JobRun<NotifyLowBalance>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let user_id = run.job.user_id;
    let account = users::account(&mut tx, user_id).await?;
    if let Some(account) = &account {
        let left = balance(&mut tx, user_id, run.ctx.now()).await?;
        let user_plan = plan_of(&mut tx, user_id).await?;
        let args = arg("plan", user_plan.plan.name(account.locale()))
            .arg("images", left.image_credits)
            .arg("tokens", left.tokens)
            .arg("usage", run.app.config.absolute_url("/account/usage"))
            .arg("plans", run.app.config.absolute_url("/plans"));
        let dedupe_key = format!("low-balance/{user_id}/{}", month_start(run.ctx.now()).date());
        write(&run.ctx, &mut tx, &compose(&account.recipient(), dedupe_key, "mail-low-balance", args)).await?;
    }
    run.finish(&mut tx, &json!({"notified": account.is_some()})).await?;
    tx.commit().await?;
    Ok(())
}
