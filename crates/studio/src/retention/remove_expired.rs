//! The job that clears away what is past its time.
//!
//! Each batch: mark in a transaction → remove the files outside of any → forget the rows in a transaction, with a line
//! in the audit log. Killed in between, the next run finds what is marked and does the rest again, which changes nothing
//! where it was done.

use std::collections::BTreeSet;

use credits::plans;
use kernel::UserId;
use platform::jobs::{JobError, JobRun};
use platform::{DatabaseError, Tx, audit};
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{DAY, RemoveExpired};
use super::queries;
use crate::state::Studio;

/// Pictures in one batch.
const BATCH: i64 = 200;
/// Pictures in one run; the next one follows within minutes, and other work gets its turn.
const RUN_MAX: u64 = 20_000;
/// Files that are removed at once.
const PARALLEL_REMOVALS: usize = 8;

/// What a batch, or a run, has done.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Removed {
    pictures: u64,
    rows: u64,
    files: u64,
    bytes: u64,
}

/// Removes what is due, batch by batch.
pub(super) async fn remove_expired(studio: Studio, run: JobRun<RemoveExpired>) -> Result<(), JobError> {
    let mut total = Removed::default();
    // What a killed run has left behind comes first.
    let mut is_more = finish_batch(&studio, &run, &mut total).await?;
    while total.pictures < RUN_MAX && !studio.app.tasks.is_stopping() {
        let mut tx = run.begin().await?;
        let due = mark_expired(&mut tx, run.ctx.now()).await?;
        tx.commit().await?;
        if due == 0 && !is_more {
            break;
        }
        is_more = finish_batch(&studio, &run, &mut total).await?;
    }
    if total.pictures > 0 {
        tracing::info!(
            pictures = total.pictures,
            rows = total.rows,
            files = total.files,
            bytes = total.bytes,
            "cleared away what was past its time"
        );
    }
    let mut tx = run.begin().await?;
    run.finish(&mut tx, &total).await?;
    tx.commit().await?;
    Ok(())
}

/// Hides a batch of expired pictures, except those that their owner's plan of this moment still keeps: they get the
/// expiry of that plan. Returns how many were due.
pub(super) async fn mark_expired(tx: &mut Tx, now: OffsetDateTime) -> Result<usize, JobError> {
    let due = queries::lock_due(tx, now, BATCH).await?;
    let owners: BTreeSet<UserId> = due.iter().map(|picture| picture.user_id).collect();
    let kept_for = plans::history_days(tx, &owners.into_iter().collect::<Vec<_>>()).await?;
    let (mut kept, mut kept_until, mut expired) = (Vec::new(), Vec::new(), Vec::new());
    for picture in &due {
        let days = kept_for.get(&picture.user_id).copied().flatten();
        let until = days.map(|days| picture.created_at + DAY * days);
        if until.is_none_or(|until| until > now) {
            kept.push(picture.id.0);
            kept_until.push(until);
        } else {
            expired.push(picture.id.0);
        }
    }
    queries::postpone(tx, &kept, &kept_until).await?;
    queries::begin_removal(tx, &expired, now).await?;
    Ok(due.len())
}

/// Removes the files of one batch of marked pictures and forgets them. Says whether there were any.
async fn finish_batch(studio: &Studio, run: &JobRun<RemoveExpired>, total: &mut Removed) -> Result<bool, JobError> {
    let mut tx = run.begin().await?;
    let ids = queries::being_removed(&mut tx, BATCH).await?;
    let files = queries::files_of(&mut tx, &ids).await?;
    tx.commit().await?;
    if ids.is_empty() {
        return Ok(false);
    }
    for some in files.chunks(PARALLEL_REMOVALS) {
        let removals = some.iter().map(|file| studio.app.storage.delete(&file.key));
        for removed in futures::future::join_all(removals).await {
            removed?;
        }
    }
    let mut done = Removed {
        pictures: count(ids.len()),
        rows: 0,
        files: count(files.len()),
        bytes: files.iter().map(|file| file.size_bytes.unsigned_abs()).sum(),
    };
    let mut tx = run.begin().await?;
    queries::forget_files(&mut tx, &ids, run.ctx.now()).await?;
    let facts = json!({"pictures": done.pictures, "files": done.files, "bytes": done.bytes});
    audit::record(&run.ctx, &mut tx, "studio.remove_expired", "generation", None, &facts).await?;
    tx.commit().await?;
    done.rows = delete_rows(run, &ids).await?;

    metrics::counter!("machiya_expired_pictures_total").increment(done.pictures);
    metrics::counter!("machiya_expired_files_total").increment(done.files);
    metrics::counter!("machiya_expired_bytes_total").increment(done.bytes);
    total.pictures += done.pictures;
    total.rows += done.rows;
    total.files += done.files;
    total.bytes += done.bytes;
    Ok(true)
}

/// Deletes the rows that nothing names. One that something names after all stays, without anything in it.
async fn delete_rows(run: &JobRun<RemoveExpired>, ids: &[Uuid]) -> Result<u64, DatabaseError> {
    let mut tx = run.begin().await?;
    match queries::delete_rows(&mut tx, ids).await {
        Ok(rows) => {
            tx.commit().await?;
            Ok(rows)
        }
        Err(error) if error.as_database_error().is_some_and(|error| error.is_foreign_key_violation()) => {
            tracing::warn!(%error, "rows of cleared pictures are still referred to");
            Ok(0)
        }
        Err(error) => Err(error),
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
