//! From pixels to a file. No metadata is written: that is the work of [`provenance`](crate::provenance).

use super::model::{Bitmap, PixelLayout};
use std::borrow::Cow;

/// Why a picture could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the picture could not be written: {0}")]
pub struct EncodeError(String);

impl EncodeError {
    /// The stable code: `picture_not_written`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "picture_not_written"
    }

    fn from_cause(cause: impl std::fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

/// How hard the PNG encoder tries, 1 to 9. At 2, with adaptive filters, files are smaller than those of libpng's usual
/// level 6 without filters. The fastest mode needs half the time, for files up to half larger on smooth pictures.
const PNG_LEVEL: u8 = 2;

/// Writes a PNG, lossless.
///
/// # Errors
/// When the encoder fails; with a well-formed [`Bitmap`] it does not.
pub fn encode_png(bitmap: &Bitmap) -> Result<Vec<u8>, EncodeError> {
    let mut file = Vec::with_capacity(bitmap.pixels().len() / 2 + 1024);
    let mut encoder = png::Encoder::new(&mut file, bitmap.width_px(), bitmap.height_px());
    encoder.set_color(match bitmap.layout() {
        PixelLayout::Rgb => png::ColorType::Rgb,
        PixelLayout::Rgba => png::ColorType::Rgba,
    });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_deflate_compression(png::DeflateCompression::Level(PNG_LEVEL));
    encoder.set_filter(png::Filter::Adaptive);
    let mut writer = encoder.write_header().map_err(EncodeError::from_cause)?;
    writer.write_image_data(bitmap.pixels()).map_err(EncodeError::from_cause)?;
    writer.finish().map_err(EncodeError::from_cause)?;
    Ok(file)
}

/// Writes a baseline JPEG with 4:2:0 colour and its own Huffman tables. `quality` is 1 to 100. See-through pixels are
/// laid over white.
///
/// # Errors
/// When a side is longer than JPEG's 65,535 pixels.
pub fn encode_jpeg(bitmap: &Bitmap, quality: u8) -> Result<Vec<u8>, EncodeError> {
    let bitmap = match bitmap.layout() {
        PixelLayout::Rgb => Cow::Borrowed(bitmap),
        PixelLayout::Rgba => Cow::Owned(bitmap.clone().flattened()),
    };
    let width = u16::try_from(bitmap.width_px()).map_err(EncodeError::from_cause)?;
    let height = u16::try_from(bitmap.height_px()).map_err(EncodeError::from_cause)?;
    let mut file = Vec::with_capacity(bitmap.pixels().len() / 16 + 1024);
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, quality.clamp(1, 100));
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_2_0);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(bitmap.pixels(), width, height, jpeg_encoder::ColorType::Rgb).map_err(EncodeError::from_cause)?;
    Ok(file)
}

/// Writes a lossy WebP. `quality` is 0 to 100. Transparency is kept.
///
/// # Errors
/// When a side is longer than WebP's 16,383 pixels.
pub fn encode_webp(bitmap: &Bitmap, quality: u8) -> Result<Vec<u8>, EncodeError> {
    const SIDE_MAX_PX: u32 = 16_383;
    if bitmap.width_px().max(bitmap.height_px()) > SIDE_MAX_PX {
        return Err(EncodeError::from_cause("a WebP has at most 16,383 pixels a side"));
    }
    let mut config = webp::WebPConfig::new().map_err(|()| EncodeError::from_cause("no WebP configuration"))?;
    config.quality = f32::from(quality.min(100));
    config.method = WEBP_METHOD;
    let encoder = match bitmap.layout() {
        PixelLayout::Rgb => webp::Encoder::from_rgb(bitmap.pixels(), bitmap.width_px(), bitmap.height_px()),
        PixelLayout::Rgba => webp::Encoder::from_rgba(bitmap.pixels(), bitmap.width_px(), bitmap.height_px()),
    };
    let file = encoder.encode_advanced(&config).map_err(|cause| EncodeError::from_cause(format!("{cause:?}")))?;
    Ok(file.to_vec())
}

/// How hard libwebp tries, 0 to 6. 2 gives the size of `sharp`'s default at the same quality in half its time.
const WEBP_METHOD: i32 = 2;
