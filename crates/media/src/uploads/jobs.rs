//! The job that clears uploads away: those whose time is over, those that were deleted, and those that nobody finished.

use kernel::UserId;
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use time::Duration;

use super::model::{UNFINISHED_FOR, UploadId};
use super::queries;
use super::state::{Allowance, Media};

/// Uploads in one transaction.
const BATCH: i64 = 200;

/// Removes files and rows of uploads that are to go.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RemoveUploads {}

impl Job for RemoveUploads {
    const NAME: &'static str = "media.remove_uploads";
    const MAX_ATTEMPTS: i32 = 20;
    const PRIORITY: i16 = -10;
}

/// Marks what is to go under its lock, deletes files outside of any transaction, forgets the rows last: killed in
/// between, the next attempt deletes the same files again, which changes nothing.
pub(super) async fn remove_uploads(media: Media, run: JobRun<RemoveUploads>) -> Result<(), JobError> {
    let (mut expired, mut removed) = (0, 0);
    loop {
        let mut tx = run.begin().await?;
        let more = expire(&media, &run, &mut tx).await?;
        tx.commit().await?;
        expired += more;
        if more == 0 {
            break;
        }
    }
    loop {
        let mut tx = run.begin().await?;
        let now = run.ctx.now();
        let leftovers = queries::take_leftovers(&mut tx, now - UNFINISHED_FOR, now, BATCH).await?;
        tx.commit().await?;
        if leftovers.is_empty() {
            break;
        }
        for leftover in &leftovers {
            media.app.storage.delete(&leftover.storage_key).await?;
        }
        let ids: Vec<UploadId> = leftovers.iter().map(|leftover| leftover.id).collect();
        let mut tx = run.begin().await?;
        queries::forget(&mut tx, &ids).await?;
        tx.commit().await?;
        removed += ids.len();
    }
    let mut tx = run.begin().await?;
    run.finish(&mut tx, &json!({"expired": expired, "removed": removed})).await?;
    tx.commit().await?;
    Ok(())
}

/// Marks uploads whose time is over; those that the plan of this moment still keeps get the time that it gives. Returns
/// how many were looked at.
async fn expire(media: &Media, run: &JobRun<RemoveUploads>, tx: &mut Tx) -> Result<usize, JobError> {
    let now = run.ctx.now();
    let found = queries::lock_expired(tx, now, BATCH).await?;
    let mut allowances: HashMap<UserId, Allowance> = HashMap::new();
    for upload in &found {
        let allowance = match allowances.get(&upload.user_id) {
            Some(allowance) => *allowance,
            None => (media.allowance_of)(tx, upload.user_id).await?,
        };
        allowances.insert(upload.user_id, allowance);
        let expires_at = allowance.kept_days.map(|days| upload.created_at + Duration::days(days.into()));
        if expires_at.is_none_or(|at| at > now) {
            queries::keep_for(tx, upload.id, allowance.kept_days, expires_at, now).await?;
        } else {
            queries::set_deleting(tx, upload.id, now).await?;
        }
    }
    Ok(found.len())
}
