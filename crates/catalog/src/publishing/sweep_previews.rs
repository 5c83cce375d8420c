//! Removes the previews of an interrupted publication.

use kernel::GenerationId;
use media::images::PictureFormat;
use media::previews::widths::VARIANTS_PX;
use platform::jobs::{Job, JobError, JobRun};
use platform::storage::StorageKey;
use serde::{Deserialize, Serialize};

use super::preview_names::PreviewNames;
use super::queries;

/// Deletes the previews of a picture that has not become a product.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SweepPreviews {
    /// The generation of the picture.
    pub generation_id: GenerationId,
    /// Its PNG preview.
    pub png_key: StorageKey,
    /// The width of the original: a picture that is narrower than a variant has one of its own width instead.
    pub original_width_px: u32,
}

impl Job for SweepPreviews {
    const NAME: &'static str = "catalog.sweep_previews";
    const PRIORITY: i16 = -5;
}

pub(super) async fn run(run: JobRun<SweepPreviews>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let used = queries::is_product(&mut tx, run.job.generation_id).await?;
    tx.commit().await?;
    if used {
        return Ok(());
    }
    let storage = &run.app.storage;
    let names = PreviewNames::beside(&run.job.png_key);
    for width_px in VARIANTS_PX.into_iter().chain([run.job.original_width_px]) {
        for format in [PictureFormat::WebP, PictureFormat::Jpeg] {
            storage.delete(&names.variant(width_px, format)?).await?;
        }
    }
    storage.delete(&run.job.png_key).await?;
    Ok(())
}
