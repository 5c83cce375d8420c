//! From an original to all that is shown of it.

use super::model::{PreviewFile, PublicPreviews, Thumbnails, widths};
use super::{Fingerprint, Watermark, placeholder_of, resize_to_width, shrink};
use crate::images::{self, Bitmap, EncodeError, ImageError, PictureFormat};

/// How good lossy previews look (1 to 100).
const QUALITY: u8 = 80;

/// Why there is no preview.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreviewError {
    /// The original is not a picture that can be used.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The preview could not be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The picture could not be made smaller.
    #[error("the picture could not be resized: {0}")]
    Resize(String),
}

impl PreviewError {
    /// The stable code: that of the image fault, or `picture_not_written`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Image(fault) => fault.code(),
            Self::Encode(fault) => fault.code(),
            Self::Resize(_) => "picture_not_written",
        }
    }

    pub(super) fn from_cause(cause: impl std::fmt::Display) -> Self {
        Self::Resize(cause.to_string())
    }
}

/// The watermarked PNG alone, at most 1280 pixels wide.
///
/// # Errors
/// When the original is not a usable picture.
pub fn make_preview_png(original: &[u8], watermark: &Watermark) -> Result<PreviewFile, PreviewError> {
    let mut preview = shrink(original, widths::PREVIEW_PX)?;
    watermark.lay_over(&mut preview);
    file(PictureFormat::Png, &preview)
}

/// All public files of a picture: PNG, and WebP and JPEG at the widths of `srcset`, each watermarked.
///
/// # Errors
/// When the original is not a usable picture.
pub fn make_public_previews(original: &[u8], watermark: &Watermark) -> Result<PublicPreviews, PreviewError> {
    let mut largest = shrink(original, widths::PREVIEW_PX)?;
    let placeholder = placeholder_of(&largest)?;
    let fingerprint = Fingerprint::of(&largest)?;
    watermark.lay_over(&mut largest);
    let png = file(PictureFormat::Png, &largest)?;
    // The smaller ones are made from the marked one: the mark keeps its place and its share of the picture.
    let mut variants = Vec::with_capacity(2 * widths::VARIANTS_PX.len());
    for bitmap in copies(&largest, &widths::VARIANTS_PX)? {
        variants.push(file(PictureFormat::WebP, &bitmap)?);
        variants.push(file(PictureFormat::Jpeg, &bitmap)?);
    }
    Ok(PublicPreviews { png, variants, placeholder, fingerprint })
}

/// The private thumbnails of a picture, without a watermark.
///
/// # Errors
/// When the original is not a usable picture.
pub fn make_thumbnails(original: &[u8]) -> Result<Thumbnails, PreviewError> {
    let largest = shrink(original, widths::PREVIEW_PX)?;
    let placeholder = placeholder_of(&largest)?;
    let fingerprint = Fingerprint::of(&largest)?;
    let mut files = Vec::with_capacity(widths::THUMBNAILS_PX.len());
    for bitmap in copies(&largest, &widths::THUMBNAILS_PX)? {
        files.push(file(PictureFormat::WebP, &bitmap)?);
    }
    Ok(Thumbnails { files, placeholder, fingerprint })
}

/// Copies at each width, smallest first; widths beyond the picture's own give one copy together.
fn copies(largest: &Bitmap, widths_px: &[u32]) -> Result<Vec<Bitmap>, PreviewError> {
    let mut copies: Vec<Bitmap> = Vec::with_capacity(widths_px.len());
    for &width_px in widths_px {
        let copy = resize_to_width(largest, width_px)?;
        if copies.last().is_none_or(|previous| previous.size() != copy.size()) {
            copies.push(copy);
        }
    }
    Ok(copies)
}

fn file(format: PictureFormat, bitmap: &Bitmap) -> Result<PreviewFile, PreviewError> {
    let bytes = match format {
        PictureFormat::Png => images::encode_png(bitmap)?,
        PictureFormat::Jpeg => images::encode_jpeg(bitmap, QUALITY)?,
        PictureFormat::WebP => images::encode_webp(bitmap, QUALITY)?,
    };
    Ok(PreviewFile { format, size: bitmap.size(), bytes })
}
