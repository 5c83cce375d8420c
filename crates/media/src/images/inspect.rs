//! Tells what a file is from its first bytes and its structure. Nothing is decoded and nothing is allocated.

use super::header::Header;
use super::model::{ImageError, ImageFacts, PictureFormat, Size, TooLarge, limits};
use super::orientation::Orientation;
use super::{header_jpeg, header_png, header_webp};

/// Tells format and size of a picture from its bytes.
///
/// # Errors
/// Every [`ImageError`] but `TypeMismatch`: also for files that end too early, which is found by walking over the
/// file's own structure, and for pictures over the caps of [`limits`].
pub fn inspect(bytes: &[u8]) -> Result<ImageFacts, ImageError> {
    let (format, header) = read_header(bytes)?;
    let Size { width_px, height_px } = header.orientation.turned(header.stored);
    Ok(ImageFacts { format, width_px, height_px })
}

/// Like [`inspect`], for bytes that came with a MIME type: the type must tell the truth. Types that claim nothing
/// (`application/octet-stream`, an empty one) are passed over.
///
/// # Errors
/// `TypeMismatch` when the type names something else than what the bytes are; otherwise as [`inspect`].
pub fn inspect_declared(bytes: &[u8], declared_mime_type: &str) -> Result<ImageFacts, ImageError> {
    let facts = inspect(bytes)?;
    let silent = declared_mime_type.is_empty() || declared_mime_type.starts_with("application/octet-stream");
    if silent || PictureFormat::from_mime_type(declared_mime_type) == Some(facts.format) {
        return Ok(facts);
    }
    Err(ImageError::TypeMismatch { actual: facts.format })
}

/// How a picture wants to be turned, from its EXIF block. [`inspect`] and [`decode`](super::decode()) have turned it
/// already; this is for those who rewrite the file.
///
/// # Errors
/// As [`inspect`].
pub(crate) fn read_orientation(bytes: &[u8]) -> Result<Orientation, ImageError> {
    Ok(read_header(bytes)?.1.orientation)
}

/// The format by its magic bytes, or why there is none.
pub(super) fn sniff(bytes: &[u8]) -> Result<PictureFormat, ImageError> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok(PictureFormat::Png),
        [0xff, 0xd8, 0xff, ..] => Ok(PictureFormat::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(PictureFormat::WebP),
        [b'G', b'I', b'F', b'8', ..] => Err(ImageError::Unsupported("GIF")),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Err(ImageError::Unsupported("BMP")),
        [b'I', b'I', 0x2a, 0, ..] | [b'M', b'M', 0, 0x2a, ..] => Err(ImageError::Unsupported("TIFF")),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Err(ImageError::Unsupported("AVIF")),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', b'i' | b'v' | b'f', ..] => {
            Err(ImageError::Unsupported("HEIF"))
        }
        _ if starts_a_known_magic(bytes) => Err(ImageError::Truncated),
        _ => Err(ImageError::NotAPicture),
    }
}

/// Whether the few bytes there are could be the beginning of a picture.
fn starts_a_known_magic(bytes: &[u8]) -> bool {
    let magics: [&[u8]; 3] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF"];
    !bytes.is_empty() && bytes.len() < 12 && magics.iter().any(|m| m.starts_with(bytes) || bytes.starts_with(m))
}

pub(crate) fn read_header(bytes: &[u8]) -> Result<(PictureFormat, Header), ImageError> {
    if bytes.len() > limits::FILE_MAX_BYTES {
        return Err(ImageError::TooLarge(TooLarge::Bytes(bytes.len())));
    }
    let format = sniff(bytes)?;
    let header = match format {
        PictureFormat::Png => header_png::read(bytes)?,
        PictureFormat::Jpeg => header_jpeg::read(bytes)?,
        PictureFormat::WebP => header_webp::read(bytes)?,
    };
    Ok((format, header))
}
