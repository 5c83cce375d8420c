//! Asks about checkouts of which nothing was heard: their events may have been lost.

use kernel::Ctx;
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::model::PAGE_LIFE;
use super::queries;
use crate::state::Billing;

/// Checkouts asked about in one transaction.
const BATCH: i64 = 50;
/// The longest wait between two questions about one checkout.
const WAIT_MAX: Duration = Duration::hours(2);

/// Ask about silent checkouts.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FollowCheckouts {}

impl Job for FollowCheckouts {
    const NAME: &'static str = "credits.follow_checkouts";
}

/// Goes on until nothing is due. Safe to kill: each batch is a transaction.
pub(crate) async fn follow_silent(billing: Billing, run: JobRun<FollowCheckouts>) -> Result<(), JobError> {
    loop {
        let mut tx = run.begin().await?;
        let asked = ask_batch(&billing, &run.ctx, &mut tx).await?;
        let is_done = i64::try_from(asked).unwrap_or(BATCH) < BATCH;
        if is_done {
            run.finish(&mut tx, &serde_json::json!({"asked": asked})).await?;
        }
        tx.commit().await?;
        if is_done {
            return Ok(());
        }
    }
}

async fn ask_batch(billing: &Billing, ctx: &Ctx, tx: &mut Tx) -> anyhow::Result<usize> {
    let silent = queries::silent(tx, ctx.now(), BATCH).await?;
    for checkout in &silent {
        let is_too_old = ctx.now() - checkout.created_at > PAGE_LIFE;
        match checkout.provider.zip(checkout.session_id.as_deref()) {
            Some((provider, session_id)) => {
                billing.payments().follow_subscription_checkout(ctx, tx, provider, session_id).await?;
                let wait =
                    (Duration::minutes(5) * 2_i32.pow(checkout.check_count.clamp(0, 8).unsigned_abs())).min(WAIT_MAX);
                queries::check_again_at(ctx, tx, checkout.id, ctx.now() + wait).await?;
            }
            // Its page was never opened, or was and nobody was ever sent there: should an event come nevertheless, it
            // begins the subscription all the same.
            None if is_too_old => {
                queries::lapse(ctx, tx, checkout.id).await?;
            }
            None => queries::check_again_at(ctx, tx, checkout.id, checkout.created_at + PAGE_LIFE + WAIT_MAX).await?,
        }
    }
    Ok(silent.len())
}
