//! The mail about a plan that keeps less: what will be removed, when, and how to keep it.

use credits::PlanChanged;
use credits::plans::Plan;
use identity::users;
use platform::Tx;
use platform::jobs::{JobError, JobRun};
use platform::mail::{NewMail, write};
use ui::{Messages, arg};

use super::queries::NewNotice;
use crate::dates::date;

/// Writes the mail in the transaction of the notice.
pub(super) async fn notify(
    run: &JobRun<PlanChanged>,
    tx: &mut Tx,
    plan: &Plan,
    notice: &NewNotice<'_>,
    at_once: i64,
) -> Result<(), JobError> {
    let Some(account) = users::account(tx, notice.user_id).await? else { return Ok(()) };
    let locale = account.locale();
    let (messages, config) = (Messages::new(locale), &run.app.config);
    let args = arg("name", &account.display_name)
        .arg("plan", plan.name(locale))
        .arg("count", notice.pictures)
        .arg("atonce", at_once)
        .arg("days", notice.days)
        .arg("date", date(notice.takes_effect_at))
        .arg("mine", config.absolute_url("/me"))
        .arg("plans", config.absolute_url("/plans"));
    let mail = NewMail {
        dedupe_key: format!("retention/{}", notice.id),
        recipient_id: Some(notice.user_id),
        recipient_address: account.email.clone(),
        locale,
        subject: messages.say_with("mail-retention-subject", arg("date", date(notice.takes_effect_at))),
        body_text: messages.say_with("mail-retention-body", args),
    };
    write(&run.ctx, tx, &mail).await?;
    Ok(())
}
