//! PNG: IHDR for the size, then over the chunk headers to IEND. (W3C PNG, third edition.)

use super::header::{Header, check_size, take, u32_big};
use super::model::ImageError;
use super::orientation::Orientation;

/// The signature before the first chunk.
const SIGNATURE_BYTES: usize = 8;
/// Length, kind and check sum around each chunk's data.
const CHUNK_OVERHEAD_BYTES: usize = 12;

pub(super) fn read(bytes: &[u8]) -> Result<Header, ImageError> {
    if take(bytes, SIGNATURE_BYTES + 4, 4)? != b"IHDR" {
        return Err(ImageError::Damaged("a PNG without IHDR".to_owned()));
    }
    let width_px = u32_big(bytes, SIGNATURE_BYTES + 8)?;
    let height_px = u32_big(bytes, SIGNATURE_BYTES + 12)?;
    let stored = check_size(width_px, height_px)?;
    let orientation = walk_to_the_end(bytes)?;
    Ok(Header { stored, orientation })
}

/// Steps from chunk to chunk. A file that stops before IEND is truncated.
fn walk_to_the_end(bytes: &[u8]) -> Result<Orientation, ImageError> {
    let mut position = SIGNATURE_BYTES;
    let mut orientation = Orientation::Upright;
    loop {
        let length = u32_big(bytes, position)? as usize;
        let kind = take(bytes, position + 4, 4)?;
        if kind == b"IEND" {
            take(bytes, position, CHUNK_OVERHEAD_BYTES)?;
            return Ok(orientation);
        }
        if kind == b"eXIf" {
            orientation = Orientation::from_exif(take(bytes, position + 8, length)?);
        }
        let step = length.checked_add(CHUNK_OVERHEAD_BYTES).ok_or(ImageError::Truncated)?;
        position = position.checked_add(step).ok_or(ImageError::Truncated)?;
    }
}
