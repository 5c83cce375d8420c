//! From an original to all that is shown of it.

use super::error::PreviewError;
use super::fingerprint::Fingerprint;
use super::model::{PreviewFile, PublicPreviews, Thumbnails, widths};
use super::placeholder::placeholder_of;
use super::resize::resize_to_width;
use super::shrink::shrink;
use super::watermark::Watermark;
use crate::images::encode::{encode_jpeg, encode_png, encode_webp};
use crate::images::model::{Bitmap, PictureFormat};

/// How good lossy previews look (1 to 100).
const QUALITY: u8 = 80;

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
        PictureFormat::Png => encode_png(bitmap)?,
        PictureFormat::Jpeg => encode_jpeg(bitmap, QUALITY)?,
        PictureFormat::WebP => encode_webp(bitmap, QUALITY)?,
    };
    Ok(PreviewFile { format, size: bitmap.size(), bytes })
}
