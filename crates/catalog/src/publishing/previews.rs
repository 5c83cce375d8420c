//! The pixel work of publishing: decode, shrink, mark, encode, seal. On a blocking thread, a few at a time.

use std::time::Duration;

use bytes::Bytes;
use kernel::UserId;
use media::images::PictureFormat;
use media::previews::{Placeholder, PreviewError, PreviewFile, PublicPreviews, make_public_previews};
use media::provenance::{Claim, ProvenanceError, SourceType, Step};
use platform::Problem;
use platform::storage::{KeyError, NewFile, StorageKey};
use time::OffsetDateTime;

use super::queries::Picture;
use crate::Catalog;

/// How long a publication waits for its turn at the pixels before it is told to come back.
const TURN_LIMIT: Duration = Duration::from_secs(20);

/// Where the previews of a picture lie: `public/yyyy/mm/{uid}/{name}.png` and `{name}_w{width}.webp|jpg` beside it. They
/// follow from the original's own name, so that every attempt to publish it writes the same files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PreviewNames {
    stem: String,
}

impl PreviewNames {
    /// The names for an original.
    pub(crate) fn of(original: &StorageKey, owner_id: UserId, created_at: OffsetDateTime) -> Self {
        let name = original.file_name();
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let (year, month) = (created_at.year(), u8::from(created_at.month()));
        Self { stem: format!("public/{year:04}/{month:02}/{owner_id}/{name}") }
    }

    /// The names that lie beside a stored preview.
    pub(crate) fn beside(preview: &StorageKey) -> Self {
        let stem = preview.as_str();
        Self { stem: stem.strip_suffix(".png").unwrap_or(stem).to_owned() }
    }

    /// The PNG.
    pub(crate) fn png(&self) -> Result<StorageKey, KeyError> {
        StorageKey::new(format!("{}.png", self.stem))
    }

    /// A variant.
    pub(crate) fn variant(&self, width_px: u32, format: PictureFormat) -> Result<StorageKey, KeyError> {
        StorageKey::new(format!("{}_w{width_px}.{}", self.stem, format.extension()))
    }
}

/// What is recorded of the previews.
#[derive(Clone, Debug)]
pub(crate) struct StoredPreviews {
    pub png_key: StorageKey,
    pub width: i32,
    pub height: i32,
    pub widths: Vec<i32>,
    pub placeholder: Placeholder,
    pub fingerprint: media::previews::Fingerprint,
}

/// Makes the previews of a picture and stores them.
///
/// # Errors
/// 503 when the storage is down or too many others are publishing; 422 when the original cannot be shown.
pub(crate) async fn make_and_store(catalog: &Catalog, picture: &Picture) -> Result<StoredPreviews, Problem> {
    let app = catalog.app();
    let original = app.storage.get(&picture.storage_key).await?;
    let turn = tokio::time::timeout(TURN_LIMIT, catalog.pixel_work().acquire()).await;
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
            // The platform stored this picture itself, so whatever is wrong with it is not the seller's to mend.
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

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn names_follow_from_the_original() {
        let owner = UserId(Uuid::from_u128(7));
        let original = StorageKey::new(format!("usergen/{owner}/2026/11/1763690000000_abc.webp")).unwrap();
        let names = PreviewNames::of(&original, owner, datetime!(2026-11-20 03:00 UTC));
        let png = names.png().unwrap();
        assert_eq!(png.as_str(), format!("public/2026/11/{owner}/1763690000000_abc.png"));
        assert_eq!(PreviewNames::beside(&png), names);
        let variant = names.variant(640, PictureFormat::Jpeg).unwrap();
        assert_eq!(variant.as_str(), format!("public/2026/11/{owner}/1763690000000_abc_w640.jpg"));
        assert!(png.is_public() && variant.is_public() && !original.is_public());
    }
}
