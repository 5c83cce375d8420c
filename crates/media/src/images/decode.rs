//! From a file to pixels.

use super::header::Header;
use super::header_webp;
use super::inspect::read_header;
use super::model::{Bitmap, ColourProfile, ImageError, PictureFormat, PixelLayout, Size, limits};
use png::{ColorType, DecodingError, Transformations};
use std::io::{Cursor, ErrorKind};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

/// Decodes a picture to 8 bits per channel, turned upright as its EXIF orientation asks. The size is the one that
/// [`inspect`](super::inspect()) tells. Palettes are resolved, 16 bits become 8, grey becomes RGB, an alpha channel
/// that is opaque everywhere is dropped, and of an animated PNG the still picture is taken.
///
/// # Errors
/// As [`inspect`](super::inspect()), and `Damaged` or `Truncated` for what only decoding can find: the picture is
/// whole or it is an error, never partly grey.
pub fn decode(bytes: &[u8]) -> Result<Bitmap, ImageError> {
    decode_parts(bytes, false).map(|(bitmap, _)| bitmap)
}

/// As [`decode`], with the colour profile that the file names. Without one its colours are sRGB.
///
/// # Errors
/// As [`decode`].
pub(crate) fn decode_with_profile(bytes: &[u8]) -> Result<(Bitmap, Option<ColourProfile>), ImageError> {
    decode_parts(bytes, true)
}

fn decode_parts(bytes: &[u8], wants_profile: bool) -> Result<(Bitmap, Option<ColourProfile>), ImageError> {
    let (format, header) = read_header(bytes)?;
    let Header { stored, orientation } = header;
    let (bitmap, profile) = match format {
        PictureFormat::Png => decode_png(bytes, stored, wants_profile)?,
        PictureFormat::Jpeg => decode_jpeg(bytes, stored)?,
        PictureFormat::WebP => (decode_webp(bytes, stored)?, header_webp::profile(bytes)),
    };
    Ok((orientation.apply(bitmap.without_idle_alpha()), profile))
}

fn decode_png(bytes: &[u8], stored: Size, wants_profile: bool) -> Result<(Bitmap, Option<ColourProfile>), ImageError> {
    // The pixels are in a buffer of ours; this is the cap for what the decoder keeps besides them.
    let limits = png::Limits { bytes: limits::FILE_MAX_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(!wants_profile);
    let mut reader = decoder.read_info().map_err(png_error)?;
    let profile = profile_of_png(reader.info());
    let length = reader.output_buffer_size().ok_or_else(|| damaged("a PNG without a size"))?;
    let mut pixels = vec![0; length];
    let info = reader.next_frame(&mut pixels).map_err(png_error)?;
    pixels.truncate(info.buffer_size());
    let (layout, pixels) = match info.color_type {
        ColorType::Rgb => (PixelLayout::Rgb, pixels),
        ColorType::Rgba => (PixelLayout::Rgba, pixels),
        ColorType::Grayscale => (PixelLayout::Rgb, pixels.iter().flat_map(|&grey| [grey; 3]).collect()),
        ColorType::GrayscaleAlpha => {
            (PixelLayout::Rgba, pixels.as_chunks::<2>().0.iter().flat_map(|&[grey, a]| [grey, grey, grey, a]).collect())
        }
        ColorType::Indexed => return Err(damaged("a PNG palette that cannot be resolved")),
    };
    let bitmap = Bitmap::new(stored, layout, pixels);
    Ok((bitmap.ok_or_else(|| damaged("a PNG that is not as large as it says"))?, profile))
}

/// Code points come before an ICC profile, and sRGB needs neither. (W3C PNG, third edition, §4.3.)
fn profile_of_png(info: &png::Info<'_>) -> Option<ColourProfile> {
    if let Some(points) = info.coding_independent_code_points {
        let (primaries, transfer) = (points.color_primaries, points.transfer_function);
        return Some(ColourProfile::CodePoints { primaries, transfer });
    }
    info.icc_profile.as_ref().map(|profile| ColourProfile::Icc(profile.to_vec()))
}

fn png_error(error: DecodingError) -> ImageError {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => ImageError::Truncated,
        DecodingError::LimitsExceeded => damaged("a PNG whose metadata is larger than the picture may be"),
        other => ImageError::Damaged(other.to_string()),
    }
}

fn decode_jpeg(bytes: &[u8], stored: Size) -> Result<(Bitmap, Option<ColourProfile>), ImageError> {
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), jpeg_options());
    let pixels = decoder.decode().map_err(|error| jpeg_error(&error))?;
    let bitmap = Bitmap::new(stored, PixelLayout::Rgb, pixels);
    let profile = decoder.icc_profile().map(ColourProfile::Icc);
    Ok((bitmap.ok_or_else(|| damaged("a JPEG that is not as large as it says"))?, profile))
}

/// Strict, because without it a broken scan ends in a picture that is grey from there on.
pub(crate) fn jpeg_options() -> DecoderOptions {
    let side_max = limits::SIDE_MAX_PX as usize;
    DecoderOptions::new_fast()
        .set_strict_mode(true)
        .set_max_width(side_max)
        .set_max_height(side_max)
        .jpeg_set_out_colorspace(ColorSpace::RGB)
}

pub(crate) fn jpeg_error(error: &DecodeErrors) -> ImageError {
    match error {
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => ImageError::Truncated,
        DecodeErrors::Unsupported(_) => ImageError::Unsupported("this kind of JPEG"),
        other => ImageError::Damaged(format!("{other:?}")),
    }
}

fn decode_webp(bytes: &[u8], stored: Size) -> Result<Bitmap, ImageError> {
    let decoded = webp::Decoder::new(bytes).decode().ok_or_else(|| damaged("a WebP that cannot be decoded"))?;
    let layout = if decoded.is_alpha() { PixelLayout::Rgba } else { PixelLayout::Rgb };
    Bitmap::new(stored, layout, decoded.to_vec()).ok_or_else(|| damaged("a WebP that is not as large as it says"))
}

fn damaged(what: &str) -> ImageError {
    ImageError::Damaged(what.to_owned())
}
