//! What the header parsers share: their result, the size limits, and reads that cannot leave the file.

use super::model::{ImageError, Size, TooLarge, limits};
use super::orientation::Orientation;

/// What a header parser finds out about a file.
pub(crate) struct Header {
    /// The size as stored, before it is turned.
    pub(crate) stored: Size,
    /// How the picture wants to be turned.
    pub(crate) orientation: Orientation,
}

/// Checks a claimed size against [`limits`].
pub(crate) fn check_size(width_px: u32, height_px: u32) -> Result<Size, ImageError> {
    let size = Size { width_px, height_px };
    if width_px == 0 || height_px == 0 {
        return Err(ImageError::Damaged("a side of 0 pixels".to_owned()));
    }
    let longest = width_px.max(height_px);
    if longest > limits::SIDE_MAX_PX {
        return Err(ImageError::TooLarge(TooLarge::Side(longest)));
    }
    if size.pixels() > limits::PIXELS_MAX {
        return Err(ImageError::TooLarge(TooLarge::Pixels(size.pixels())));
    }
    Ok(size)
}

/// `count` bytes at `start`, or `Truncated`.
pub(crate) fn take(bytes: &[u8], start: usize, count: usize) -> Result<&[u8], ImageError> {
    let end = start.checked_add(count).ok_or(ImageError::Truncated)?;
    bytes.get(start..end).ok_or(ImageError::Truncated)
}

/// A big-endian 16-bit number at `start`.
pub(crate) fn u16_big(bytes: &[u8], start: usize) -> Result<u16, ImageError> {
    let raw = take(bytes, start, 2)?;
    Ok(u16::from_be_bytes([raw[0], raw[1]]))
}

/// A big-endian 32-bit number at `start`.
pub(crate) fn u32_big(bytes: &[u8], start: usize) -> Result<u32, ImageError> {
    let raw = take(bytes, start, 4)?;
    Ok(u32::from_be_bytes([raw[0], raw[1], raw[2], raw[3]]))
}

/// A little-endian 32-bit number at `start`.
pub(crate) fn u32_little(bytes: &[u8], start: usize) -> Result<u32, ImageError> {
    let raw = take(bytes, start, 4)?;
    Ok(u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]))
}
