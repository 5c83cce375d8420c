//! Pictures for tests, made by arithmetic, so that they are the same everywhere.

use super::encode::{encode_jpeg, encode_png, encode_webp};
use super::model::{Bitmap, PixelLayout, Size};

/// A picture with what photographs have: soft gradients, hard edges and grain. `variant` gives unlike pictures.
pub(crate) fn photo(width_px: u32, height_px: u32, variant: u32) -> Bitmap {
    let mut grain = variant.wrapping_mul(0x9e37_79b9) | 1;
    let mut pixels = Vec::with_capacity((width_px * height_px * 3) as usize);
    let (wide, tall) = (f64::from(width_px), f64::from(height_px));
    let turn = f64::from(variant);
    for y in 0..height_px {
        for x in 0..width_px {
            grain ^= grain << 13;
            grain ^= grain >> 17;
            grain ^= grain << 5;
            let (u, v) = (f64::from(x) / wide, f64::from(y) / tall);
            let noise = f64::from(grain % 9) - 4.0;
            let wave = ((u * (5.0 + turn) + v * 3.0 + turn).sin() * 0.5 + 0.5) * 160.0;
            let disc = (u - 0.3 - turn * 0.1).hypot(v - 0.6 + turn * 0.07) < 0.22;
            let stripe = ((v * 14.0 + u * turn * 4.0) as i64) % 2 == 0;
            let tone = wave + if disc { 70.0 } else { 0.0 } + if stripe { 20.0 } else { 0.0 };
            for shift in [0.0, 25.0, -30.0] {
                pixels.push((tone + shift + noise).clamp(0.0, 255.0) as u8);
            }
        }
    }
    Bitmap::new(Size { width_px, height_px }, PixelLayout::Rgb, pixels).unwrap()
}

/// The same, see-through towards the right.
pub(crate) fn cutout(width_px: u32, height_px: u32) -> Bitmap {
    let opaque = photo(width_px, height_px, 2);
    let (pixels, _) = opaque.pixels().as_chunks::<3>();
    let alpha = |index: usize| 255 - (index as u32 % width_px * 255 / width_px) as u8;
    let pixels = pixels.iter().enumerate().flat_map(|(i, &[r, g, b])| [r, g, b, alpha(i)]).collect();
    Bitmap::new(opaque.size(), PixelLayout::Rgba, pixels).unwrap()
}

/// One colour all over.
pub(crate) fn plain(width_px: u32, height_px: u32, colour: [u8; 3]) -> Bitmap {
    let pixels = colour.repeat((width_px * height_px) as usize);
    Bitmap::new(Size { width_px, height_px }, PixelLayout::Rgb, pixels).unwrap()
}

/// The same picture as PNG, JPEG and WebP.
pub(crate) fn files(bitmap: &Bitmap) -> [Vec<u8>; 3] {
    [encode_png(bitmap).unwrap(), encode_jpeg(bitmap, 90).unwrap(), encode_webp(bitmap, 80).unwrap()]
}

/// A PNG chunk with its length and check sum.
pub(crate) fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), body.as_slice(), &crc32fast::hash(&body).to_be_bytes()].concat()
}

/// A PNG with more chunks behind its IHDR.
pub(crate) fn png_with(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    const BEHIND_IHDR: usize = 8 + 25;
    [&png[..BEHIND_IHDR], &chunks.concat(), &png[BEHIND_IHDR..]].concat()
}

/// A JPEG with more segments behind its start marker.
pub(crate) fn jpeg_with(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, body, &jpeg[2..]].concat()
}
