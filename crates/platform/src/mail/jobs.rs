//! Sends what the outbox holds.

use kernel::MailId;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::queries;
use super::send::{Mailer, SendError};
use crate::jobs::model::{Job, JobError};
use crate::jobs::registry::Registry;
use crate::jobs::run::JobRun;

/// Send one mail.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SendMail {
    pub(super) mail_id: MailId,
}

impl Job for SendMail {
    const NAME: &'static str = "platform.send_mail";
    // Doubling from half a minute to an hour, this outlasts a mail server that is away for half a day.
    const MAX_ATTEMPTS: i32 = 20;
    const FIRST_RETRY: Duration = Duration::seconds(30);
}

/// The outbox's work.
pub fn register(mailer: Mailer) -> Registry {
    Registry::new()
        .on(move |run: JobRun<SendMail>| {
            let mailer = mailer.clone();
            async move { send(&mailer, run).await }
        })
        .on_dead(|run: JobRun<SendMail>| async move {
            let mut tx = run.begin().await?;
            queries::mark_failed(&mut tx, run.job.mail_id, "could not be sent").await?;
            tx.commit().await?;
            Ok(())
        })
}

async fn send(mailer: &Mailer, run: JobRun<SendMail>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let mail = queries::find(&mut tx, run.job.mail_id).await?;
    tx.commit().await?;
    let Some(mail) = mail.filter(|mail| mail.state == "queued") else { return Ok(()) };
    match mailer.send(&run.app, &mail).await {
        Ok(()) => {}
        Err(SendError::Refused(reason)) => return Err(JobError::GiveUp(reason)),
        Err(SendError::Unavailable(reason)) => return Err(reason.into()),
    }
    let mut tx = run.begin().await?;
    queries::mark_sent(&mut tx, run.job.mail_id, run.ctx.now()).await?;
    run.finish(&mut tx, &serde_json::Value::Null).await?;
    tx.commit().await?;
    Ok(())
}
