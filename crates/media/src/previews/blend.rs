//! Lays a watermark over pixels in integers. The mark repeats in both directions, so its tile is made once and used
//! for every picture of that size.

use crate::images::model::{Bitmap, PixelLayout};

/// One period of a watermark: grey with its own alpha, premultiplied, and expanded to three channels so that the loop
/// over RGB rows has no shuffling to do.
pub(super) struct Tile {
    width_px: usize,
    height_px: usize,
    /// 255 − alpha, once per channel.
    keep: Vec<u8>,
    /// Grey × alpha, once per channel.
    add: Vec<u8>,
}

impl Tile {
    /// Takes `(alpha, grey × alpha)` per pixel; both from 0 to 255, the second never above the first.
    pub(super) fn new(width_px: usize, height_px: usize, pixels: &[(u8, u8)]) -> Self {
        let expand = |channel: fn(&(u8, u8)) -> u8| pixels.iter().flat_map(|p| [channel(p); 3]).collect();
        Self { width_px, height_px, keep: expand(|p| 255 - p.0), add: expand(|p| p.1.min(p.0)) }
    }

    /// Lays the tile over the whole picture, beginning at the top left.
    pub(super) fn lay_over(&self, bitmap: &mut Bitmap) {
        let row_bytes = bitmap.row_bytes();
        let layout = bitmap.layout();
        let tile_row_bytes = self.width_px * 3;
        for (y, row) in bitmap.pixels_mut().chunks_exact_mut(row_bytes).enumerate() {
            let start = (y % self.height_px) * tile_row_bytes;
            let keep = &self.keep[start..start + tile_row_bytes];
            let add = &self.add[start..start + tile_row_bytes];
            match layout {
                PixelLayout::Rgb => row.chunks_mut(tile_row_bytes).for_each(|part| lay_over_rgb(part, keep, add)),
                PixelLayout::Rgba => {
                    row.chunks_mut(self.width_px * 4).for_each(|part| lay_over_rgba(part, keep, add));
                }
            }
        }
    }
}

/// Opaque pixels: each channel is kept in part and a grey is added. Plain bytes side by side, which the compiler turns
/// into vector instructions.
fn lay_over_rgb(pixels: &mut [u8], keep: &[u8], add: &[u8]) {
    for ((channel, &keep), &add) in pixels.iter_mut().zip(keep).zip(add) {
        *channel = times(*channel, keep).saturating_add(add);
    }
}

/// See-through pixels: the mark is as strong there as anywhere else, so that cutting a figure out of its background
/// does not cut it out of its mark.
fn lay_over_rgba(pixels: &mut [u8], keep: &[u8], add: &[u8]) {
    let marks = keep.as_chunks::<3>().0.iter().zip(add.as_chunks::<3>().0);
    for (pixel, (&[keep, ..], &[add, ..])) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(marks) {
        let alpha = pixel[3];
        let alpha_after = (255 - keep).saturating_add(times(alpha, keep));
        for channel in &mut pixel[..3] {
            let premultiplied = times(times(*channel, alpha), keep).saturating_add(add);
            let straight =
                (u32::from(premultiplied) * 255 + u32::from(alpha_after) / 2) / u32::from(alpha_after).max(1);
            *channel = u8::try_from(straight).unwrap_or(u8::MAX);
        }
        pixel[3] = alpha_after;
    }
}

/// `value × part / 255`, rounded, without a division.
const fn times(value: u8, part: u8) -> u8 {
    let product = value as u16 * part as u16 + 128;
    ((product + (product >> 8)) >> 8) as u8
}
