//! The job that makes a picture.
//!
//! Claim → call the provider (no transaction is open) → check the answer → store the files → record them and end the job
//! in one transaction, under the lease. Interrupted at any step, the next attempt begins again: the generation is
//! completed once, under keys of its own, and what the interrupted attempt had stored is removed later.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use bytes::Bytes;
use credits::holds::ReleaseReason;
use kernel::{AiJobId, MediaImageId};
use platform::Tx;
use platform::jobs::{JobError, JobRun};
use platform::storage::{NewFile, StorageKey};
use serde_json::json;
use time::Duration;

use super::charging;
use super::check_picture::{CheckedPicture, check_picture};
use super::model::{GenerateImage, INTERRUPTED, UNKNOWN_CALLS_MAX, Work};
use super::queries::{self, Completion, NewPicture};
use super::strays::remove_strays_later;
use crate::aspect_ratio::AspectRatio;
use crate::generations::model::{GenerationStatus, original_key, thumbnail_key};
use crate::models::queries as models;
use crate::providers::attempts::Attempt;
use crate::providers::model::{Failure, MadePicture, PictureRequest};
use crate::state::Studio;
use crate::wardrobe::build_prompt::text_for_model;

/// How often storing and recording are tried while the picture is at hand: asking the provider again would cost more.
const SAVE_TRIES: u32 = 5;

/// Makes the picture of one generation.
pub(super) async fn generate_image(studio: Studio, run: JobRun<GenerateImage>) -> Result<(), JobError> {
    let id = AiJobId(run.id.0);
    let Some((work, request)) = begin(&run, id).await? else { return Ok(()) };
    run.progress(10, "drawing").await?;

    let attempt = studio.providers.make_picture(&run.ctx, work.provider, &request).await;
    let unknown_calls = work.unknown_calls + count(&run, id, &work, &attempt).await?;
    let made = match attempt.result {
        Ok(made) => made,
        Err(failure) => return give_up_or_retry(&run, id, &work, &failure, unknown_calls).await,
    };

    run.progress(60, "checking").await?;
    let (usage, model_version) = (made.usage, made.model_version.clone());
    let checked = match check(&studio, &work, request.ratio, made).await {
        Ok(checked) => checked,
        Err(error) => {
            tracing::warn!(job = %run.id, provider = %work.provider, model = work.model, %error, "not a usable picture");
            return fail(&run, id, &work, "provider_faulty", &error.to_string()).await;
        }
    };

    run.progress(80, "storing").await?;
    let files = name_files(&run, &work, &checked)?;
    stage(&run, id, &files).await?;
    store(&studio, &files).await?;
    let completion = Completion {
        width: i32::try_from(checked.size.width_px).unwrap_or(i32::MAX),
        height: i32::try_from(checked.size.height_px).unwrap_or(i32::MAX),
        ground: &checked.ground,
        model_version: model_version.as_deref(),
        usage,
        now: run.ctx.now(),
    };
    for _ in 1..SAVE_TRIES {
        match record(&run, id, &work, &files, &completion).await {
            Err(JobError::Retry { reason, .. }) => {
                tracing::warn!(job = %run.id, %reason, "cannot record a picture, trying again");
                studio.providers.sleeper().sleep(std::time::Duration::from_secs(2)).await;
            }
            ended => return ended,
        }
    }
    record(&run, id, &work, &files, &completion).await
}

/// Reads what is to be made and marks it as begun; nothing when it has ended meanwhile.
async fn begin(run: &JobRun<GenerateImage>, id: AiJobId) -> Result<Option<(Work, PictureRequest)>, JobError> {
    let mut tx = run.begin().await?;
    let Some(work) = queries::work(&mut tx, id).await?.filter(|work| !work.status.is_final()) else { return Ok(None) };
    if !charging::is_held(&mut tx, work.generation_id).await? {
        // The program was down for days and the hold has lapsed: what is not paid for is not made.
        end_without_picture(run, &mut tx, id, GenerationStatus::Failed, INTERRUPTED).await?;
        run.fail(&mut tx, &json!({"generationId": work.generation_id, "error": INTERRUPTED}), "its hold lapsed")
            .await?;
        tx.commit().await?;
        return Ok(None);
    }
    let model = models::exactly(&mut tx, work.provider, &work.model).await?;
    let ratio: AspectRatio = work.aspect_ratio.parse().map_err(JobError::give_up)?;
    queries::set_status(&mut tx, work.generation_id, GenerationStatus::Processing, None, run.ctx.now()).await?;
    queries::start(&mut tx, id, run.attempt, run.ctx.now()).await?;
    tx.commit().await?;
    let request = PictureRequest {
        model: work.model.clone(),
        text: text_for_model(&work.prompt, work.negative_prompt.as_deref()),
        ratio,
        size: work.size.clone(),
        pixels: model.and_then(|model| model.pixels_of(ratio)),
        seed: u32::try_from(work.seed).unwrap_or(0),
        illustration: work.answers.as_ref().map(|answers| answers.illustration()),
        // The execution's id tells a provider nothing, and tells us who it was if there is a complaint.
        customer: id.0.simple().to_string(),
    };
    Ok(Some((work, request)))
}

/// Keeps the count of what may have been billed; returns how many calls ended without anybody knowing how.
async fn count(run: &JobRun<GenerateImage>, id: AiJobId, work: &Work, attempt: &Attempt) -> Result<i32, JobError> {
    let calls = i32::try_from(attempt.calls).unwrap_or(i32::MAX);
    let unknown = i32::from(matches!(attempt.result, Err(Failure::Unknown { .. })));
    let mut tx = run.begin().await?;
    let billed = attempt.result.is_ok() || unknown > 0;
    let model = models::exactly(&mut tx, work.provider, &work.model).await?;
    // An unknown price adds nothing; the calls are counted all the same.
    let cost = model.filter(|_| billed).and_then(|model| model.cost_micro_usd()).unwrap_or(0);
    queries::count_calls(&mut tx, id, calls, unknown, cost, run.ctx.now()).await?;
    tx.commit().await?;
    Ok(unknown)
}

async fn give_up_or_retry(
    run: &JobRun<GenerateImage>,
    id: AiJobId,
    work: &Work,
    failure: &Failure,
    unknown_calls: i32,
) -> Result<(), JobError> {
    let worth_another = match failure {
        Failure::Retryable { .. } => !run.is_last_attempt(),
        Failure::Unknown { .. } => unknown_calls < UNKNOWN_CALLS_MAX && !run.is_last_attempt(),
        Failure::Refused { .. }
        | Failure::QuotaExhausted
        | Failure::BadAnswer { .. }
        | Failure::Misconfigured { .. } => false,
    };
    if worth_another {
        let after = match failure {
            Failure::Retryable { after: Some(after), .. } => Duration::try_from(*after).ok(),
            _ => None,
        };
        return Err(JobError::Retry { after, reason: anyhow!("{failure}") });
    }
    fail(run, id, work, failure.code(), &failure.to_string()).await
}

/// Ends the execution without a picture and at no cost, in one transaction with the job.
async fn fail(
    run: &JobRun<GenerateImage>,
    id: AiJobId,
    work: &Work,
    code: &'static str,
    reason: &str,
) -> Result<(), JobError> {
    let status = if code.starts_with("refused_") { GenerationStatus::Refused } else { GenerationStatus::Failed };
    let mut tx = run.begin().await?;
    end_without_picture(run, &mut tx, id, status, code).await?;
    run.fail(&mut tx, &json!({"generationId": work.generation_id, "error": code}), reason).await?;
    tx.commit().await?;
    Ok(())
}

async fn end_without_picture(
    run: &JobRun<GenerateImage>,
    tx: &mut Tx,
    id: AiJobId,
    status: GenerationStatus,
    code: &str,
) -> Result<(), JobError> {
    let (now, generation_id) = (run.ctx.now(), run.job.generation_id);
    queries::set_status(tx, generation_id, status, Some(code), now).await?;
    queries::end(tx, id, status, Some(code), now).await?;
    let reason = match (status, code) {
        (GenerationStatus::Refused, _) => ReleaseReason::Refused,
        (_, "provider_timeout") => ReleaseReason::TimedOut,
        _ => ReleaseReason::Failed,
    };
    charging::release(&run.ctx, tx, generation_id, reason).await?;
    remove_strays_later(&run.ctx, tx, generation_id).await
}

/// The attempts ran out: workers died, or the storage stayed away.
pub(super) async fn on_failure(run: JobRun<GenerateImage>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    end_without_picture(&run, &mut tx, AiJobId(run.id.0), GenerationStatus::Failed, INTERRUPTED).await?;
    tx.commit().await?;
    Ok(())
}

async fn check(studio: &Studio, work: &Work, ratio: AspectRatio, made: MadePicture) -> anyhow::Result<CheckedPicture> {
    let (seal, provider, model) = (Arc::clone(&studio.seal), work.provider, work.model.clone());
    let checked = tokio::task::spawn_blocking(move || check_picture(&made, ratio, provider, &model, &seal));
    checked.await.context("looking at the picture panicked")?.map_err(Into::into)
}

/// A file that is to be stored, with what is recorded about it.
struct NamedFile {
    key: StorageKey,
    role: &'static str,
    bytes: Bytes,
    content_type: &'static str,
    sha256: [u8; 32],
    width_px: u32,
    height_px: u32,
}

fn name_files(run: &JobRun<GenerateImage>, work: &Work, checked: &CheckedPicture) -> Result<Vec<NamedFile>, JobError> {
    let name = run.ctx.random().uuid_v4();
    let original = NamedFile {
        key: original_key(work.user_id, work.created_at, name, checked.format).map_err(JobError::give_up)?,
        role: "original",
        content_type: checked.format.mime_type(),
        sha256: checked.sha256(),
        width_px: checked.size.width_px,
        height_px: checked.size.height_px,
        bytes: Bytes::copy_from_slice(&checked.original),
    };
    let mut files = vec![original];
    for thumbnail in &checked.thumbnails {
        let width_px = thumbnail.size.width_px;
        files.push(NamedFile {
            key: thumbnail_key(work.user_id, work.created_at, name, width_px, thumbnail.format)
                .map_err(JobError::give_up)?,
            role: "thumbnail",
            content_type: thumbnail.format.mime_type(),
            sha256: *media::content_address::ContentAddress::of(&thumbnail.bytes).as_bytes(),
            width_px,
            height_px: thumbnail.size.height_px,
            bytes: Bytes::copy_from_slice(&thumbnail.bytes),
        });
    }
    Ok(files)
}

async fn stage(run: &JobRun<GenerateImage>, id: AiJobId, files: &[NamedFile]) -> Result<(), JobError> {
    let keys: Vec<StorageKey> = files.iter().map(|file| file.key.clone()).collect();
    let mut tx = run.begin().await?;
    queries::stage_files(&mut tx, id, &keys, run.ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Stores every file, with retries: asking the provider again would cost more.
async fn store(studio: &Studio, files: &[NamedFile]) -> Result<(), JobError> {
    for file in files {
        let mut tries = 1;
        loop {
            let new = NewFile { key: file.key.clone(), bytes: file.bytes.clone(), content_type: file.content_type };
            match studio.app.storage.put(new).await {
                Ok(()) => break,
                Err(error) if tries >= SAVE_TRIES => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(%error, tries, "cannot store a picture, trying again");
                    studio.providers.sleeper().sleep(std::time::Duration::from_secs(1 << tries)).await;
                    tries += 1;
                }
            }
        }
    }
    Ok(())
}

/// Records the files, completes the generation, charges for it and ends the job: all of it or nothing.
async fn record(
    run: &JobRun<GenerateImage>,
    id: AiJobId,
    work: &Work,
    files: &[NamedFile],
    completion: &Completion<'_>,
) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    if !queries::complete(&mut tx, work.generation_id, completion).await? {
        return Err(JobError::LeaseLost);
    }
    for file in files {
        let new = NewPicture {
            id: run.ctx.new_id::<MediaImageId>(),
            user_id: work.user_id,
            generation_id: work.generation_id,
            role: file.role,
            key: &file.key,
            sha256: &file.sha256,
            size_bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
            width: i32::try_from(file.width_px).unwrap_or(i32::MAX),
            height: i32::try_from(file.height_px).unwrap_or(i32::MAX),
            mime_type: file.content_type,
            now: completion.now,
        };
        queries::insert_picture(&mut tx, &new).await?;
    }
    let model = models::exactly(&mut tx, work.provider, &work.model).await?;
    let cost = model.as_ref().and_then(charging::cost_of);
    let spent = charging::capture(&run.ctx, &mut tx, work.generation_id, cost).await?;
    queries::set_spent(&mut tx, work.generation_id, spent).await?;
    queries::end(&mut tx, id, GenerationStatus::Completed, None, completion.now).await?;
    remove_strays_later(&run.ctx, &mut tx, work.generation_id).await?;
    run.finish(&mut tx, &json!({"generationId": work.generation_id})).await?;
    tx.commit().await?;
    Ok(())
}
