//! JPEG in the inks of a printing press.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_jpeg::JpegDecoder;

use super::colour::cmyk_to_srgb;
use crate::images::decode::{jpeg_error, jpeg_options};
use crate::images::header::take;
use crate::images::inspect::read_header;
use crate::images::model::{Bitmap, ImageError, PixelLayout};

/// Decodes a JPEG of four inks to sRGB, by its profile where it has one. `None` for other JPEGs, of which nothing is
/// decoded.
pub(super) fn decode(bytes: &[u8]) -> Result<Option<Bitmap>, ImageError> {
    let (_, header) = read_header(bytes)?;
    if read_components(bytes) != Some(4) {
        return Ok(None);
    }
    let options = jpeg_options().jpeg_set_out_colorspace(ColorSpace::CMYK);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let mut inks = decoder.decode().map_err(|error| jpeg_error(&error))?;
    // Adobe's programs store how much of an ink is missing, and say that they wrote the file.
    if has_adobe_marker(bytes) {
        inks.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    let profile = decoder.icc_profile();
    let pixels = profile.and_then(|icc| cmyk_to_srgb(&inks, &icc)).unwrap_or_else(|| without_profile(&inks));
    let bitmap = Bitmap::new(header.stored, PixelLayout::Rgb, pixels)
        .ok_or_else(|| ImageError::Damaged("a JPEG that is not as large as it says".to_owned()))?;
    Ok(Some(header.orientation.apply(bitmap)))
}

/// Each ink takes its part of one channel, and black its part of all.
fn without_profile(inks: &[u8]) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(inks.len() / 4 * 3);
    for &[cyan, magenta, yellow, black] in inks.as_chunks::<4>().0 {
        let light = |ink: u8| {
            let product = u32::from(255 - ink) * u32::from(255 - black);
            u8::try_from((product + 127) / 255).unwrap_or(u8::MAX)
        };
        pixels.extend([light(cyan), light(magenta), light(yellow)]);
    }
    pixels
}

/// The segments before the picture data: marker and content.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut position = 2;
    std::iter::from_fn(move || {
        while take(bytes, position, 2).is_ok_and(|pair| pair == [0xff, 0xff]) {
            position += 1;
        }
        let &[0xff, marker, l1, l0] = take(bytes, position, 4).ok()? else { return None };
        let length = usize::from(u16::from_be_bytes([l1, l0]));
        let content = take(bytes, position + 4, length.checked_sub(2)?).ok()?;
        position += 2 + length;
        (marker != 0xda).then_some((marker, content))
    })
}

fn has_adobe_marker(bytes: &[u8]) -> bool {
    segments(bytes).any(|(marker, content)| marker == 0xee && content.starts_with(b"Adobe"))
}

/// The number of components in the frame header.
fn read_components(bytes: &[u8]) -> Option<u8> {
    let frame = segments(bytes).find(|(marker, _)| matches!(marker, 0xc0..=0xc2 | 0xc9 | 0xca))?;
    frame.1.get(5).copied()
}
