//! The job that makes a picture.
//!
//! Claim → call the provider (no transaction is open) → check the answer → store the files → record them and end the job
//! in one transaction, under the lease. Interrupted at any step, the next attempt begins again: the generation is
//! completed once, under keys of its own, and what the interrupted attempt had stored is removed later.

use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use kernel::{AiJobId, MediaImageId};
use media::content_address::ContentAddress;
use platform::jobs::{JobError, JobRun};
use platform::storage::{NewFile, StorageKey};
use serde_json::json;

use super::charging::{self, ActualCost};
use super::check_picture::{CheckedPicture, Target, check_picture};
use super::execution::{begin, count, end_interrupted, fail, give_up_or_retry};
use super::files::queries::{self as files, NewPicture};
use super::inputs::{self, PreparedInputs, SourcePicture};
use super::model::{GenerateImage, Work};
use super::queries::{self, Completion};
use super::strays::remove_strays_later;
use crate::generations::model::GenerationStatus;
use crate::generations::spec::GenerationSpec;
use crate::generations::storage_keys::{original_key, thumbnail_key};
use crate::models::queries as models;
use crate::output_size::OutputSize;
use crate::providers::model::{MadePicture, PictureRequest};
use crate::state::Studio;
use crate::wardrobe::build_prompt::text_for_model;

/// How often storing and recording are tried while the picture is at hand: asking the provider again would cost more.
const SAVE_TRIES: u32 = 5;

/// Makes the picture of one generation.
pub(super) async fn generate_image(studio: Studio, run: JobRun<GenerateImage>) -> Result<(), JobError> {
    let id = AiJobId(run.id.0);
    let Some(work) = begin(&run, id).await? else { return Ok(()) };
    let size = work.spec.size().context("the generation is not a picture").map_err(JobError::give_up)?;
    let (request, source) = request_of(&studio, &run, &work, size).await?;
    run.progress(10, "drawing").await?;

    let attempt = studio.providers.make_picture(&run.ctx, work.provider, &request).await;
    let unknown_calls = work.unknown_calls + count(&run, id, &work, &attempt).await?;
    let made = match attempt.result {
        Ok(made) => made,
        Err(failure) => return give_up_or_retry(&run, id, &work, &failure, unknown_calls).await,
    };

    run.progress(60, "checking").await?;
    let (usage, model_version, claimed) = (made.usage, made.model_version.clone(), made.claimed_type.clone());
    let checked = match check(&studio, &work, size, source, made).await {
        Ok(checked) => checked,
        Err(error) => {
            let (provider, model) = (work.provider, &work.model);
            tracing::warn!(job = %run.id, %provider, model, claimed, %error, "not a usable picture");
            return fail(&run, id, &work, "provider_faulty", &error.to_string()).await;
        }
    };

    run.progress(80, "storing").await?;
    let files = name_files(&run, &work, &checked)?;
    stage(&run, id, &files).await?;
    store(&studio, &files).await?;
    let px = |px: u32| i32::try_from(px).unwrap_or(i32::MAX);
    let completion = Completion {
        picture: Some((px(checked.size.width_px), px(checked.size.height_px), &checked.ground)),
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

/// Ends the execution of a job whose attempts ran out.
pub(super) async fn on_failure(run: JobRun<GenerateImage>) -> Result<(), JobError> {
    end_interrupted(&run, run.job.generation_id).await
}

/// What the provider is asked for, with the pictures that go in.
async fn request_of(
    studio: &Studio,
    run: &JobRun<GenerateImage>,
    work: &Work,
    size: OutputSize,
) -> Result<(PictureRequest, Option<SourcePicture>), JobError> {
    let mut tx = run.begin().await?;
    let model = models::exactly(&mut tx, work.provider, &work.model).await?;
    let stored = files::inputs(&mut tx, work.generation_id).await?;
    tx.commit().await?;
    let PreparedInputs { pictures, mask, source } = inputs::prepare(studio, stored).await?;
    let answers = match &*work.spec {
        GenerationSpec::Wardrobe(params) => params.answers.as_ref(),
        _ => None,
    };
    let ratio = size.ratio();
    let request = PictureRequest {
        model: work.model.clone(),
        text: text_for_model(work.spec.prompt(), work.spec.negative()),
        ratio,
        size: work.size.clone(),
        pixels: model.and_then(|model| model.pixels_of(ratio)),
        seed: u32::try_from(work.seed).unwrap_or(0),
        illustration: answers.map(|answers| answers.illustration()),
        pictures,
        mask,
        // The execution's id tells a provider nothing, and tells us who it was if there is a complaint.
        customer: run.id.0.simple().to_string(),
    };
    Ok((request, source))
}

async fn check(
    studio: &Studio,
    work: &Work,
    size: OutputSize,
    source: Option<SourcePicture>,
    made: MadePicture,
) -> anyhow::Result<CheckedPicture> {
    let (seal, provider, model) = (Arc::clone(&studio.seal), work.provider, work.model.clone());
    let checked = tokio::task::spawn_blocking(move || {
        check_picture(&made, &Target { size, provider, model: &model, source: source.as_ref() }, &seal)
    });
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
    let prefix = work.spec.storage_prefix().unwrap_or("usergen");
    let original = NamedFile {
        key: original_key(prefix, work.user_id, work.created_at, name, checked.format).map_err(JobError::give_up)?,
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
            key: thumbnail_key(prefix, work.user_id, work.created_at, name, width_px, thumbnail.format)
                .map_err(JobError::give_up)?,
            role: "thumbnail",
            content_type: thumbnail.format.mime_type(),
            sha256: *ContentAddress::of(&thumbnail.bytes).as_bytes(),
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
    files::stage_files(&mut tx, id, &keys, run.ctx.now()).await?;
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
            position: 0,
            role: file.role,
            key: &file.key,
            sha256: &file.sha256,
            size_bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
            width: i32::try_from(file.width_px).unwrap_or(i32::MAX),
            height: i32::try_from(file.height_px).unwrap_or(i32::MAX),
            mime_type: file.content_type,
            now: completion.now,
        };
        files::insert_picture(&mut tx, &new).await?;
        if file.role == "original" {
            files::insert_picture_output(&mut tx, &new).await?;
        }
    }
    let model = models::exactly(&mut tx, work.provider, &work.model).await?;
    let cost = model.as_ref().and_then(|model| charging::cost_of(model, work.size.as_deref()));
    let spent = charging::capture(&run.ctx, &mut tx, work.generation_id, ActualCost::Picture(cost)).await?;
    queries::set_spent(&mut tx, work.generation_id, spent).await?;
    queries::end(&mut tx, id, GenerationStatus::Completed, None, completion.now).await?;
    remove_strays_later(&run.ctx, &mut tx, work.generation_id).await?;
    run.finish(&mut tx, &json!({"generationId": work.generation_id})).await?;
    tx.commit().await?;
    Ok(())
}
