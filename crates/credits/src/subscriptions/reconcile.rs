//! Asks about subscriptions whose renewal should have been heard of: its event may have been lost.

use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;

use super::queries;
use crate::state::Billing;

/// Subscriptions asked about in one transaction.
const BATCH: i64 = 50;
/// How soon one is asked about again.
const ASK_AGAIN: Duration = Duration::hours(3);

/// Ask about silent subscriptions.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FollowSilent {}

impl Job for FollowSilent {
    const NAME: &'static str = "credits.follow_subscriptions";
}

/// Goes on until nothing is due. Safe to kill: each batch is a transaction.
pub(super) async fn follow_silent(billing: Billing, run: JobRun<FollowSilent>) -> Result<(), JobError> {
    loop {
        let mut tx = run.begin().await?;
        let silent = queries::silent(&mut tx, run.ctx.now(), BATCH).await?;
        for (id, provider, name) in &silent {
            billing.payments().follow_subscription(&run.ctx, &mut tx, *provider, name).await?;
            queries::check_again_at(&mut tx, *id, run.ctx.now() + ASK_AGAIN).await?;
        }
        let is_done = i64::try_from(silent.len()).unwrap_or(BATCH) < BATCH;
        if is_done {
            run.finish(&mut tx, &json!({"asked": silent.len()})).await?;
        }
        tx.commit().await?;
        if is_done {
            return Ok(());
        }
    }
}
