//! Makes the public previews of a picture: decode, shrink, watermark, encode, sign. On a blocking thread, a few at a time.

use std::time::Duration;

use bytes::Bytes;
use media::previews::{PreviewError, PreviewFile, PublicPreviews, make_public_previews};
use media::provenance::{Claim, ProvenanceError, SourceType, Step};
use platform::Problem;
use platform::storage::NewFile;
use studio::generations::PictureToPublish;

use super::model::StoredPreviews;
use super::preview_names::PreviewNames;
use crate::state::Catalog;

/// How long a publication waits for a free core before it is refused with `too_busy`.
const WAIT_LIMIT: Duration = Duration::from_secs(20);

/// Makes the previews of a picture and stores them.
///
/// # Errors
/// 503 when the storage is down or too many others are publishing; 422 when the original cannot be shown.
pub(crate) async fn make_and_store(catalog: &Catalog, picture: &PictureToPublish) -> Result<StoredPreviews, Problem> {
    let app = catalog.app();
    let original = app.storage.get(&picture.storage_key).await?;
    let turn = tokio::time::timeout(WAIT_LIMIT, catalog.pixel_work().acquire()).await;
    let turn = turn.map_err(|late| Problem::unavailable("too_busy", late))?.map_err(Problem::internal)?;
    let (worker, provider, model) = (catalog.clone(), picture.provider.clone(), picture.model.clone());
    let made = tokio::task::spawn_blocking(move || work_pixels(&worker, &original, &provider, &model)).await;
    drop(turn);
    let previews = made.map_err(Problem::internal)?.map_err(|fault| fault.into_problem())?;
    let names = PreviewNames::of(&picture.storage_key, picture.user_id, picture.created_at);
    let mut widths = Vec::new();
    for file in previews.variants {
        let key = names.variant(file.size.width_px, file.format).map_err(Problem::internal)?;
        let width = i32::try_from(file.size.width_px).map_err(Problem::internal)?;
        if !widths.contains(&width) {
            widths.push(width);
        }
        let content_type = file.format.mime_type();
        app.storage.put(NewFile { key, bytes: Bytes::from(file.bytes), content_type }).await?;
    }
    // The PNG comes last: where it is, the others are.
    let png_key = names.png().map_err(Problem::internal)?;
    let size = previews.png.size;
    let file = NewFile { key: png_key.clone(), bytes: Bytes::from(previews.png.bytes), content_type: "image/png" };
    app.storage.put(file).await?;
    Ok(StoredPreviews {
        png_key,
        width: i32::try_from(size.width_px).map_err(Problem::internal)?,
        height: i32::try_from(size.height_px).map_err(Problem::internal)?,
        widths,
        placeholder: previews.placeholder,
        fingerprint: previews.fingerprint,
    })
}

enum PixelError {
    Preview(PreviewError),
    Seal(ProvenanceError),
}

impl PixelError {
    fn into_problem(self) -> Problem {
        match self {
            // The platform stored this picture itself, so the seller cannot correct what is wrong with it.
            Self::Preview(fault) => Problem::internal(fault),
            Self::Seal(fault) => Problem::internal(fault),
        }
    }
}

fn work_pixels(catalog: &Catalog, original: &[u8], provider: &str, model: &str) -> Result<PublicPreviews, PixelError> {
    let mut previews = make_public_previews(original, catalog.watermark()).map_err(PixelError::Preview)?;
    let parent = catalog.seal().read_parent(original).map_err(PixelError::Seal)?;
    let source_type =
        if provider == "sketch" { SourceType::AlgorithmicMedia } else { SourceType::TrainedAlgorithmicMedia };
    let claim = Claim {
        source_type,
        made_with: model,
        parent: Some(&parent),
        steps: &[Step::Resized, Step::Watermarked, Step::Transcoded],
    };
    let seal = |file: &mut PreviewFile| -> Result<(), PixelError> {
        file.bytes = catalog.seal().sign(&file.bytes, &claim).map_err(PixelError::Seal)?;
        Ok(())
    };
    seal(&mut previews.png)?;
    previews.variants.iter_mut().try_for_each(seal)?;
    Ok(previews)
}
