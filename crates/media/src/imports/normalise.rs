//! One form for everything that comes in.

use super::source::{SourceFacts, SourceFormat, inspect_source};
use super::{avif, cmyk, colour, svg};
use crate::content_address::ContentAddress;
use crate::images::decode::decode_with_profile;
use crate::images::encode::{encode_jpeg, encode_png};
use crate::images::model::{Bitmap, ImageError, PictureFormat, PixelLayout, Size};
use crate::previews::resize::resize_exactly;
use fast_image_resize::FilterType;

/// The longest side of a result, in pixels: what the largest models take and the largest formats need.
const SIDE_MAX_PX: u32 = 4_096;
/// The quality of a lossy result (1 to 100), which is used once and then worked on.
const QUALITY: u8 = 92;

/// What the picture is for, which decides its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureUse {
    /// Each pixel counts: logos and masks. Always a PNG.
    Exact,
    /// It is looked at: photographs. A JPEG, unless the source is lossless or see-through.
    Shown,
}

/// A picture in the one form: upright, 8-bit sRGB, at most 4,096 pixels a side, without metadata.
#[derive(Clone, PartialEq, Eq)]
pub struct NormalisedPicture {
    /// The file.
    pub bytes: Vec<u8>,
    /// PNG or JPEG.
    pub format: PictureFormat,
    /// The size in pixels.
    pub size: Size,
    /// The SHA-256 of the file.
    pub content: ContentAddress,
    /// What the source was.
    pub source: SourceFormat,
}

impl std::fmt::Debug for NormalisedPicture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Size { width_px, height_px } = self.size;
        write!(formatter, "NormalisedPicture({} {width_px}×{height_px}, {} bytes)", self.format, self.bytes.len())
    }
}

/// Reads an uploaded picture and writes it in the one form.
///
/// # Errors
/// As [`inspect_source`], and `Damaged`, `Truncated` or `Unsupported` for what only decoding can find.
pub fn normalise(bytes: &[u8], purpose: PictureUse) -> Result<NormalisedPicture, ImageError> {
    let SourceFacts { format: source, .. } = inspect_source(bytes)?;
    let bitmap = shrunk(decode(bytes, source)?)?;
    let is_exact = purpose == PictureUse::Exact || source.is_lossless() || bitmap.layout() == PixelLayout::Rgba;
    let written = |error: crate::images::encode::EncodeError| ImageError::Damaged(error.to_string());
    let (format, file) = if is_exact {
        (PictureFormat::Png, encode_png(&bitmap).map_err(written)?)
    } else {
        (PictureFormat::Jpeg, encode_jpeg(&bitmap, QUALITY).map_err(written)?)
    };
    Ok(NormalisedPicture { content: ContentAddress::of(&file), bytes: file, format, size: bitmap.size(), source })
}

fn decode(bytes: &[u8], source: SourceFormat) -> Result<Bitmap, ImageError> {
    let (mut bitmap, profile) = match source {
        SourceFormat::Svg => (svg::rasterise(bytes)?, None),
        SourceFormat::Avif => avif::decode(bytes)?,
        SourceFormat::Jpeg => match cmyk::decode(bytes)? {
            Some(bitmap) => (bitmap, None),
            None => decode_with_profile(bytes)?,
        },
        SourceFormat::Png | SourceFormat::WebP => decode_with_profile(bytes)?,
    };
    if let Some(profile) = &profile {
        colour::to_srgb(&mut bitmap, profile)?;
    }
    Ok(bitmap.without_idle_alpha())
}

fn shrunk(bitmap: Bitmap) -> Result<Bitmap, ImageError> {
    let target = bitmap.size().fit_within(SIDE_MAX_PX, SIDE_MAX_PX);
    if target == bitmap.size() {
        return Ok(bitmap);
    }
    resize_exactly(&bitmap, target, FilterType::Lanczos3).map_err(|error| ImageError::Damaged(error.to_string()))
}
