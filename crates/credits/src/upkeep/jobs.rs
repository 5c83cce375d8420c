//! The recurring jobs.

use platform::jobs::{Job, JobError, JobRun, Registry};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;
use ui::dates::month_start;

use super::{low_balance, queries};

/// Wallets or people taken in one transaction: a few tens of milliseconds.
const BATCH: i32 = 50;

/// End the lots whose time has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpireLots {}

impl Job for ExpireLots {
    const NAME: &'static str = "credits.expire_lots";
    const MAX_ATTEMPTS: i32 = 1;
}

/// Give back the holds of work that died.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseForgottenHolds {}

impl Job for ReleaseForgottenHolds {
    const NAME: &'static str = "credits.release_forgotten_holds";
    const MAX_ATTEMPTS: i32 = 1;
}

/// Begin a new month of usage.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResetUsage {}

impl Job for ResetUsage {
    const NAME: &'static str = "credits.reset_usage";
    const MAX_ATTEMPTS: i32 = 1;
}

pub(crate) fn registry() -> Registry {
    Registry::new()
        .on(expire_lots)
        .on(release_forgotten_holds)
        .on(reset_usage)
        .on(low_balance::notify)
        .every(Duration::minutes(1), &ExpireLots {})
        .every(Duration::minutes(1), &ReleaseForgottenHolds {})
        .every(Duration::hours(1), &ResetUsage {})
}

async fn expire_lots(run: JobRun<ExpireLots>) -> Result<(), JobError> {
    let now = run.ctx.now();
    let mut ended = 0;
    loop {
        let mut tx = run.begin().await?;
        match queries::expire_due(&mut tx, now, BATCH).await? {
            0 => {
                run.finish(&mut tx, &json!({"lots": ended})).await?;
                tx.commit().await?;
                return Ok(());
            }
            more => ended += more,
        }
        tx.commit().await?;
    }
}

async fn release_forgotten_holds(run: JobRun<ReleaseForgottenHolds>) -> Result<(), JobError> {
    let now = run.ctx.now();
    let mut released = 0;
    loop {
        let mut tx = run.begin().await?;
        match queries::release_due(&mut tx, now, BATCH).await? {
            0 => {
                run.finish(&mut tx, &json!({"holds": released})).await?;
                tx.commit().await?;
                return Ok(());
            }
            more => released += more,
        }
        tx.commit().await?;
    }
}

async fn reset_usage(run: JobRun<ResetUsage>) -> Result<(), JobError> {
    let now = run.ctx.now();
    let mut reset = 0;
    loop {
        let mut tx = run.begin().await?;
        match queries::reset_usage(&mut tx, month_start(now), now, BATCH).await? {
            0 => {
                run.finish(&mut tx, &json!({"people": reset})).await?;
                tx.commit().await?;
                return Ok(());
            }
            more => reset += more,
        }
        tx.commit().await?;
    }
}
