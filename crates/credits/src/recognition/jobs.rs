//! The recurring job.

use kernel::Yen;
use platform::jobs::{Job, JobError, JobRun, Registry};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;

use super::recognise::recognise_due;

/// Lots whose earnings are posted in one transaction; their wallets wait for it.
const BATCH: i32 = 25;

/// Post what has been earned.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecogniseRevenue {}

impl Job for RecogniseRevenue {
    const NAME: &'static str = "credits.recognise_revenue";
    const MAX_ATTEMPTS: i32 = 1;
}

pub(crate) fn registry() -> Registry {
    Registry::new().on(run_recognition).every(Duration::minutes(10), &RecogniseRevenue {})
}

async fn run_recognition(run: JobRun<RecogniseRevenue>) -> Result<(), JobError> {
    let (mut lots, mut earned, mut after) = (0, Yen::ZERO, None);
    loop {
        let mut tx = run.begin().await?;
        let done = recognise_due(&run.ctx, &mut tx, after, BATCH).await?;
        lots += done.lots;
        earned = earned + done.yen;
        if done.next.is_none() {
            run.finish(&mut tx, &json!({"lots": lots, "yen": earned})).await?;
            tx.commit().await?;
            return Ok(());
        }
        tx.commit().await?;
        after = done.next;
    }
}
