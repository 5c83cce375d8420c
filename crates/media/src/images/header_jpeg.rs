//! JPEG: over the segments to the start of frame, and an end-of-image marker behind the scan data. (ITU-T T.81.)

use super::header::{Header, check_size, take, u16_big};
use super::model::{ImageError, Size};
use super::orientation::Orientation;

const EXIF_PREFIX: &[u8] = b"Exif\0\0";

pub(super) fn read(bytes: &[u8]) -> Result<Header, ImageError> {
    let mut position = 2;
    let mut orientation = Orientation::Upright;
    let mut frame: Option<Frame> = None;
    let mut scanned = [false; 256];
    loop {
        let marker = next_marker(bytes, &mut position)?;
        match marker {
            // Markers without a body.
            0x01 | 0xd0..=0xd8 => continue,
            0xd9 => return Err(ImageError::Truncated),
            _ => {}
        }
        let length = usize::from(u16_big(bytes, position)?);
        if length < 2 {
            return Err(ImageError::Damaged("a JPEG segment shorter than its own length".to_owned()));
        }
        let body = take(bytes, position + 2, length - 2)?;
        position += length;
        match marker {
            // C4, C8 and CC share the range of the frame headers but are tables.
            0xc0..=0xc2 | 0xc9 | 0xca => frame = Some(read_frame(body)?),
            0xc3 | 0xc5..=0xc7 | 0xcb | 0xcd..=0xcf => return Err(ImageError::Unsupported("lossless JPEG")),
            0xe1 if body.starts_with(EXIF_PREFIX) => {
                orientation = Orientation::from_exif(&body[EXIF_PREFIX.len()..]);
            }
            0xda => {
                let Some(frame) = &frame else { return Err(ImageError::Damaged("a JPEG without a frame".to_owned())) };
                note_components(body, &mut scanned);
                // Most files have all colours in one scan; otherwise a later one may be missing.
                if scanned.iter().filter(|seen| **seen).count() >= frame.components {
                    break;
                }
                position = skip_scan_data(bytes, position)?;
            }
            _ => {}
        }
    }
    let stored = frame.ok_or(ImageError::Truncated)?.size;
    if !bytes[position..].windows(2).rev().any(|pair| pair == [0xff, 0xd9]) {
        return Err(ImageError::Truncated);
    }
    Ok(Header { stored, orientation })
}

/// Steps over fill bytes to the next marker and leaves `position` behind it.
fn next_marker(bytes: &[u8], position: &mut usize) -> Result<u8, ImageError> {
    if take(bytes, *position, 1)?[0] != 0xff {
        return Err(ImageError::Damaged("a JPEG segment does not begin with a marker".to_owned()));
    }
    while take(bytes, *position, 1)?[0] == 0xff {
        *position += 1;
    }
    let marker = bytes[*position];
    *position += 1;
    Ok(marker)
}

/// What the frame header says.
struct Frame {
    size: Size,
    components: usize,
}

/// Precision, height, width, components.
fn read_frame(body: &[u8]) -> Result<Frame, ImageError> {
    let &[precision, h1, h0, w1, w0, components, ..] = body else {
        return Err(ImageError::Damaged("a JPEG frame header that is too short".to_owned()));
    };
    if precision != 8 {
        return Err(ImageError::Unsupported("JPEG with more than 8 bits"));
    }
    let size = check_size(u32::from(u16::from_be_bytes([w1, w0])), u32::from(u16::from_be_bytes([h1, h0])))?;
    Ok(Frame { size, components: usize::from(components) })
}

/// Marks the components that a scan header names: a count, then a pair of bytes for each.
fn note_components(body: &[u8], scanned: &mut [bool; 256]) {
    let count = body.first().copied().unwrap_or(0);
    for pair in body.get(1..).unwrap_or_default().chunks_exact(2).take(usize::from(count)) {
        scanned[usize::from(pair[0])] = true;
    }
}

/// The place of the next marker behind scan data, in which `ff 00` is a byte and `ff d0` to `ff d7` are restarts.
fn skip_scan_data(bytes: &[u8], start: usize) -> Result<usize, ImageError> {
    let data = bytes.get(start..).unwrap_or_default();
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    let offset = data.windows(2).position(is_marker).ok_or(ImageError::Truncated)?;
    Ok(start + offset)
}
