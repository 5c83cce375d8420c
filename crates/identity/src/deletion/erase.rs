//! The days are over.

use kernel::{Ctx, Locale};
use platform::jobs::{Job, JobError, JobRun};
use platform::{DatabaseError, Tx, audit, mail};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;
use ui::Messages;

use super::model::{Hooks, Leaver};
use super::queries;
use crate::login_throttle::Guess;
use crate::users::{self, EmailAddress};
use crate::{emails, exports, second_factor};

/// For so long a last mail may be on its way; the outbox gives up before.
const LAST_MAIL: Duration = Duration::days(3);

/// Erase everybody whose days are over, and the traces of the last mails to those erased before.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ErasePeople {}

impl Job for ErasePeople {
    const NAME: &'static str = "identity.erase_people";
}

pub(super) async fn erase_due(hooks: Hooks, run: JobRun<ErasePeople>) -> Result<(), JobError> {
    let mut erased = 0;
    // One person a transaction: what goes wrong with one does not keep the others here.
    loop {
        let mut tx = run.begin().await?;
        let Some(user_id) = queries::next_due(&mut tx, run.ctx.now()).await? else { break };
        let account = users::account(&mut tx, user_id).await?;
        let Some(account) = account else { break };
        let leaver = Leaver { user_id, email: account.email.clone() };
        for hook in hooks.iter() {
            hook(&run.app, &run.ctx, &mut tx, &leaver).await?;
        }
        forget(&run.ctx, &mut tx, &account).await?;
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

async fn forget(ctx: &Ctx, tx: &mut Tx, account: &users::Account) -> Result<(), DatabaseError> {
    let user_id = account.id;
    mail::forget_recipient(tx, user_id).await?;
    // The last one. It goes to the address, and once it is on its way the outbox forgets it, too.
    let key = format!("deletion-done/{user_id}");
    emails::post(ctx, tx, account, key, "deletion-done", ui::Args::default()).await?;
    if let Ok(email) = EmailAddress::parse(&account.email) {
        Guess::Account(email).forgive(tx).await?;
    }
    second_factor::forget(tx, user_id).await?;
    exports::forget(ctx, tx, user_id).await?;
    let nameless = Messages::new(Locale::default()).say("deletion-erased-name");
    queries::erase(tx, user_id, &nameless, ctx.now()).await?;
    audit::record(ctx, tx, "users.erase", "user", Some(user_id.uuid()), &json!({})).await
}
