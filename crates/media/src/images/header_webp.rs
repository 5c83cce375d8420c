//! WebP: the first chunk tells the size; the RIFF length tells whether the file is whole. (RFC 9649.)

use super::header::{Header, check_size, take, u32_little};
use super::model::{ColourProfile, ImageError, Size};
use super::orientation::Orientation;

/// `RIFF`, the length, `WEBP`.
const RIFF_HEADER_BYTES: usize = 12;
const ANIMATION_FLAG: u8 = 0b0000_0010;

pub(super) fn read(bytes: &[u8]) -> Result<Header, ImageError> {
    let declared = u32_little(bytes, 4)? as usize;
    if declared < 4 {
        return Err(ImageError::Damaged("a RIFF file without content".to_owned()));
    }
    let kind = take(bytes, RIFF_HEADER_BYTES, 4)?;
    let body = RIFF_HEADER_BYTES + 8;
    let stored = match kind {
        b"VP8X" => extended_size(take(bytes, body, 10)?)?,
        b"VP8 " => lossy_size(take(bytes, body, 10)?)?,
        b"VP8L" => lossless_size(take(bytes, body, 5)?)?,
        _ => return Err(ImageError::Damaged("a WebP without a picture chunk".to_owned())),
    };
    let whole = bytes.get(..declared.saturating_add(8)).ok_or(ImageError::Truncated)?;
    walk_the_chunks(whole, stored)
}

/// The ICC profile of a file that [`read`] found to be whole.
pub(super) fn profile(bytes: &[u8]) -> Option<ColourProfile> {
    let mut position = RIFF_HEADER_BYTES;
    loop {
        let kind = take(bytes, position, 4).ok()?;
        let length = u32_little(bytes, position + 4).ok()? as usize;
        if kind == b"ICCP" {
            return take(bytes, position + 8, length).ok().map(|profile| ColourProfile::Icc(profile.to_vec()));
        }
        position = position.checked_add(8 + length + (length & 1))?;
    }
}

fn extended_size(body: &[u8]) -> Result<Size, ImageError> {
    if body[0] & ANIMATION_FLAG != 0 {
        return Err(ImageError::Unsupported("animated WebP"));
    }
    let side = |at: usize| u32::from_le_bytes([body[at], body[at + 1], body[at + 2], 0]) + 1;
    check_size(side(4), side(7))
}

fn lossy_size(body: &[u8]) -> Result<Size, ImageError> {
    if body[3..6] != [0x9d, 0x01, 0x2a] {
        return Err(ImageError::Damaged("a WebP key frame without its start code".to_owned()));
    }
    let side = |at: usize| u32::from(u16::from_le_bytes([body[at], body[at + 1]]) & 0x3fff);
    check_size(side(6), side(8))
}

fn lossless_size(body: &[u8]) -> Result<Size, ImageError> {
    if body[0] != 0x2f {
        return Err(ImageError::Damaged("a lossless WebP without its signature".to_owned()));
    }
    let packed = u32::from_le_bytes([body[1], body[2], body[3], body[4]]);
    check_size((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1)
}

/// Looks for the picture data and the orientation among the chunks. The data's own size must be the one announced, so
/// that the caps hold for what is decoded.
fn walk_the_chunks(whole: &[u8], announced: Size) -> Result<Header, ImageError> {
    let mut position = RIFF_HEADER_BYTES;
    let mut orientation = Orientation::Upright;
    let mut found = false;
    while position < whole.len() {
        let kind = take(whole, position, 4)?;
        let length = u32_little(whole, position + 4)? as usize;
        let body = take(whole, position + 8, length)?;
        let own_size = match kind {
            b"VP8 " => Some(lossy_size(take(body, 0, 10)?)?),
            b"VP8L" => Some(lossless_size(take(body, 0, 5)?)?),
            _ => None,
        };
        if let Some(own_size) = own_size {
            if own_size != announced {
                return Err(ImageError::Damaged("a WebP whose frame is not as large as its canvas".to_owned()));
            }
            found = true;
        }
        if kind == b"EXIF" {
            orientation = Orientation::from_exif(body.strip_prefix(b"Exif\0\0").unwrap_or(body));
        }
        position += 8 + length + (length & 1);
    }
    if found { Ok(Header { stored: announced, orientation }) } else { Err(ImageError::Truncated) }
}
