//! Tells a person by mail that little is left. The database says when, once a month at most, as it captures a hold.

use identity::users;
use kernel::{Locale, UserId};
use platform::jobs::{Job, JobError, JobRun};
use platform::mail::{NewMail, write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ui::{Messages, arg};

use super::jobs::month_began_at;
use crate::plans::queries::plan_of;
use crate::wallets::queries::balance;

/// Tell this person that little is left.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TellLowBalance {
    /// Whom.
    pub user_id: UserId,
}

impl Job for TellLowBalance {
    const NAME: &'static str = "credits.tell_low_balance";
}

pub(super) async fn tell(run: JobRun<TellLowBalance>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let user_id = run.job.user_id;
    let account = users::account(&mut tx, user_id).await?;
    if let Some(account) = &account {
        let locale: Locale = account.locale();
        let words = Messages::new(locale);
        let left = balance(&mut tx, user_id, run.ctx.now()).await?;
        let standing = plan_of(&mut tx, user_id).await?;
        let args = arg("name", &account.display_name)
            .arg("plan", standing.plan.name(locale))
            .arg("images", left.image_credits)
            .arg("tokens", left.tokens)
            .arg("usage", run.app.config.absolute_url("/account/usage"))
            .arg("plans", run.app.config.absolute_url("/plans"));
        let mail = NewMail {
            dedupe_key: format!("low-balance/{user_id}/{}", month_began_at(run.ctx.now()).date()),
            recipient_id: Some(user_id),
            recipient_address: account.email.clone(),
            locale,
            subject: words.say("mail-low-balance-subject"),
            body_text: words.say_with("mail-low-balance-body", args),
        };
        write(&run.ctx, &mut tx, &mail).await?;
    }
    run.finish(&mut tx, &json!({"told": account.is_some()})).await?;
    tx.commit().await?;
    Ok(())
}
