//! What an uploaded file is, by its content.

use serde::{Deserialize, Serialize};

use super::avif_boxes::AvifFile;
use crate::images::inspect::inspect;
use crate::images::model::{ImageError, PictureFormat, Size, TooLarge};

/// The largest SVG, in bytes (1 MiB): a drawing that is larger is data.
pub(super) const SVG_MAX_BYTES: usize = 1024 * 1024;

/// The kinds of file that can be uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceFormat {
    /// Portable Network Graphics, 1 to 16 bits per channel.
    Png,
    /// JPEG, in grey, RGB or CMYK.
    Jpeg,
    /// WebP, lossy or lossless.
    WebP,
    /// AVIF, 8 to 12 bits per channel.
    Avif,
    /// Scalable Vector Graphics.
    Svg,
}

impl SourceFormat {
    /// The name in the database and in the API: `png`, `jpeg`, `webp`, `avif`, `svg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::WebP => "webp",
            Self::Avif => "avif",
            Self::Svg => "svg",
        }
    }

    /// Whether such a file says exactly what each pixel is.
    pub(super) const fn is_lossless(self) -> bool {
        matches!(self, Self::Png | Self::Svg)
    }
}

/// What is known of a file before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFacts {
    /// The real format.
    pub format: SourceFormat,
    /// The size as shown; nothing for an SVG, which has none of its own.
    pub size: Option<Size>,
}

/// Tells from the content what a file is, and checks its sizes. Nothing is decoded.
///
/// # Errors
/// Every [`ImageError`] but `TypeMismatch`.
pub fn inspect_source(bytes: &[u8]) -> Result<SourceFacts, ImageError> {
    if is_svg(bytes) {
        if bytes.len() > SVG_MAX_BYTES {
            return Err(ImageError::TooLarge(TooLarge::Bytes(bytes.len())));
        }
        return Ok(SourceFacts { format: SourceFormat::Svg, size: None });
    }
    if is_avif(bytes) {
        return Ok(SourceFacts { format: SourceFormat::Avif, size: Some(AvifFile::read(bytes)?.shown_size()) });
    }
    let facts = inspect(bytes)?;
    let format = match facts.format {
        PictureFormat::Png if is_animated_png(bytes) => return Err(ImageError::Unsupported("animated PNG")),
        PictureFormat::Png => SourceFormat::Png,
        PictureFormat::Jpeg => SourceFormat::Jpeg,
        PictureFormat::WebP => SourceFormat::WebP,
    };
    Ok(SourceFacts { format, size: Some(facts.size()) })
}

fn is_avif(bytes: &[u8]) -> bool {
    matches!(bytes, [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..])
}

/// An XML document whose first element is `svg`: a declaration, comments and a document type may come before it. Looks
/// at the beginning only; what follows is for the parser.
fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64 * 1024)];
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    loop {
        let end: &[u8] = match rest {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'!', b'D', b'O', b'C', ..] => {
                let subset = rest.iter().position(|byte| matches!(byte, b'[' | b'>'));
                if subset.is_some_and(|at| rest[at] == b'[') { b"]>" } else { b">" }
            }
            _ => return rest.starts_with(b"<svg") && rest.get(4).is_none_or(|byte| !byte.is_ascii_alphanumeric()),
        };
        let Some(at) = rest.windows(end.len()).position(|window| window == end) else { return false };
        rest = rest[at + end.len()..].trim_ascii_start();
    }
}

/// Whether there is an animation control chunk before the picture data. The file's structure was checked already.
fn is_animated_png(bytes: &[u8]) -> bool {
    let mut position = 8;
    while let Some([l0, l1, l2, l3, kind @ ..]) = bytes.get(position..position + 8) {
        match kind {
            b"acTL" => return true,
            b"IDAT" | b"IEND" => return false,
            _ => {}
        }
        let length = u32::from_be_bytes([*l0, *l1, *l2, *l3]) as usize;
        position = position.saturating_add(length).saturating_add(12);
    }
    false
}
