//! Turns a file that has arrived into an upload.

use http::StatusCode;
use kernel::{Ctx, SystemReason, UserId};
use platform::storage::{NewFile, StorageKey};
use platform::{Problem, audit};
use serde_json::json;
use time::Duration;

use super::model::{FILE_MAX_BYTES, UPLOADS_MAX, Upload, UploadId, UploadKind};
use super::queries;
use super::receive::{Received, image_problem};
use super::state::Media;
use crate::images::model::{ImageError, PictureFormat, limits};
use crate::imports::normalise::{NormalisedPicture, normalise};
use crate::imports::source::inspect_source;
use crate::provenance::model::SourceType;

/// Decodes the picture, writes it anew, and stores it. The row comes first, so that the space is taken and a file that
/// nobody finished can be found.
///
/// # Errors
/// As [`image_problem`] says; 409 when there is no space left.
pub(super) async fn store(media: &Media, ctx: &Ctx, user_id: UserId, received: Received) -> Result<Upload, Problem> {
    let Received { kind, file_name, file } = received;
    let bytes = file.read().await.map_err(Problem::internal)?;
    debug_assert!(bytes.len() as u64 <= FILE_MAX_BYTES, "what is larger was refused");
    let (picture, digital_source_type) = read_picture(media, kind, bytes).await?;
    let (upload, contents) = describe(ctx, user_id, kind, file_name, picture, digital_source_type)?;
    let upload = reserve(media, ctx, upload).await?;
    media.app.storage.put(NewFile { key: upload.storage_key.clone(), ..contents }).await?;
    let mut tx = media.app.db.begin_system(SystemReason::PlatformRules).await?;
    if !queries::set_ready(&mut tx, upload.id, ctx.now()).await? {
        // It took longer than an unfinished upload lasts, and was given up.
        return Err(Problem::unavailable("storage_unavailable", anyhow::anyhow!("the upload was given up")));
    }
    let facts = json!({"type": kind, "sizeBytes": upload.size_bytes, "sourceFormat": upload.source_format});
    audit::record(ctx, &mut tx, "uploads.create", "upload", Some(upload.id.uuid()), &facts).await?;
    tx.commit().await?;
    Ok(upload)
}

/// Off the threads that answer requests, and only as much at a time as memory has room for.
async fn read_picture(
    media: &Media,
    kind: UploadKind,
    bytes: Vec<u8>,
) -> Result<(NormalisedPicture, Option<SourceType>), Problem> {
    let facts = inspect_source(&bytes).map_err(|error| image_problem(&error))?;
    let pixels = facts.size.map_or(limits::PIXELS_MAX, |size| size.pixels());
    let permit = media.permit_to_decode(pixels).await;
    let work = move || {
        let source_type = SourceType::declared_in(&bytes);
        normalise(&bytes, kind.picture_use()).map(|picture| (picture, source_type))
    };
    let done = tokio::task::spawn_blocking(work).await;
    drop(permit);
    // A decoder that panicked did so because of the file.
    let done = done.unwrap_or_else(|error| Err(ImageError::Damaged(error.to_string())));
    done.map_err(|error| image_problem(&error))
}

fn describe(
    ctx: &Ctx,
    user_id: UserId,
    kind: UploadKind,
    file_name: String,
    picture: NormalisedPicture,
    digital_source_type: Option<SourceType>,
) -> Result<(Upload, NewFile), Problem> {
    let id: UploadId = ctx.new_id();
    let now = ctx.now();
    let (year, month) = (now.year(), u8::from(now.month()));
    let key = format!("uploads/{user_id}/{year}/{month:02}/{id}.{}", picture.format.extension());
    let storage_key = StorageKey::new(key).map_err(Problem::internal)?;
    let pixels = |side: u32| i32::try_from(side).map_err(Problem::internal);
    let upload = Upload {
        id,
        user_id,
        kind,
        file_name,
        storage_key: storage_key.clone(),
        mime_type: picture.format.mime_type().to_owned(),
        size_bytes: i64::try_from(picture.bytes.len()).map_err(Problem::internal)?,
        width: pixels(picture.size.width_px)?,
        height: pixels(picture.size.height_px)?,
        sha256: picture.content.as_bytes().to_vec(),
        source_format: picture.source.as_str().to_owned(),
        digital_source_type: digital_source_type.map(|term| term.term().to_owned()),
        expires_at: None,
        created_at: now,
    };
    let content_type = if picture.format == PictureFormat::Png { "image/png" } else { "image/jpeg" };
    Ok((upload, NewFile { key: storage_key, bytes: picture.bytes.into(), content_type }))
}

/// Takes the space of the upload, or says that there is none.
async fn reserve(media: &Media, ctx: &Ctx, mut upload: Upload) -> Result<Upload, Problem> {
    let mut tx = media.app.db.begin_system(SystemReason::PlatformRules).await?;
    let allowance = (media.allowance_of)(&mut tx, upload.user_id).await?;
    let kept = queries::lock_space(&mut tx, upload.user_id).await?;
    if kept.bytes + upload.size_bytes > allowance.total_bytes || kept.uploads >= UPLOADS_MAX {
        let megabytes = |bytes: i64| bytes.max(0).div_euclid(1_000_000);
        return Err(Problem::new(StatusCode::CONFLICT, "upload_space_exhausted")
            .with("used", megabytes(kept.bytes))
            .with("total", megabytes(allowance.total_bytes))
            .member("usedBytes", kept.bytes.into())
            .member("totalBytes", allowance.total_bytes.into()));
    }
    upload.expires_at = allowance.kept_days.map(|days| ctx.now() + Duration::days(days.into()));
    queries::insert(&mut tx, &upload, allowance.kept_days).await?;
    tx.commit().await?;
    Ok(upload)
}
