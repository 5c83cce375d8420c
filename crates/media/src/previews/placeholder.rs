//! The placeholder of a picture: its dominant colour and a 4 × 4 grid of colours, in about a hundred bytes.

use super::error::PreviewError;
use super::model::Placeholder;
use super::resize::resize_exactly;
use crate::images::model::{Bitmap, Size};
use fast_image_resize::FilterType;
use std::fmt::Write as _;

/// The side of the small copy whose colours are counted.
const SAMPLE_SIDE_PX: u32 = 48;
/// The side of the colour grid.
const GRID_SIDE_PX: u32 = 4;

/// Dominant colour and colour grid of a picture.
///
/// # Errors
/// As [`resize_to_width`](super::resize_to_width).
pub fn placeholder_of(bitmap: &Bitmap) -> Result<Placeholder, PreviewError> {
    let side = |side_px| Size { width_px: side_px, height_px: side_px };
    let sample = resize_exactly(bitmap, side(SAMPLE_SIDE_PX), FilterType::Box)?.flattened();
    // Plain averages: a sharper filter would invent colours that are not in the picture.
    let grid = resize_exactly(&sample, side(GRID_SIDE_PX), FilterType::Box)?;
    let mut digits = String::with_capacity(96);
    for &[red, green, blue] in grid.pixels().as_chunks::<3>().0 {
        let _ = write!(digits, "{red:02x}{green:02x}{blue:02x}");
    }
    let [red, green, blue] = dominant(sample.pixels().as_chunks::<3>().0);
    Ok(Placeholder { dominant_colour: format!("#{red:02x}{green:02x}{blue:02x}"), grid: digits })
}

/// The mean of the fullest of 512 boxes in colour space. Equal boxes: the darker one, so that the answer is fixed.
fn dominant(pixels: &[[u8; 3]]) -> [u8; 3] {
    let mut boxes = vec![(0_u32, [0_u32; 3]); 512];
    for &[red, green, blue] in pixels {
        let index = usize::from(red >> 5) << 6 | usize::from(green >> 5) << 3 | usize::from(blue >> 5);
        let (count, sums) = &mut boxes[index];
        *count += 1;
        for (sum, channel) in sums.iter_mut().zip([red, green, blue]) {
            *sum += u32::from(channel);
        }
    }
    let fullest = boxes.iter().rev().max_by_key(|(count, _)| *count);
    let (count, sums) = fullest.copied().unwrap_or((1, [0; 3]));
    sums.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX))
}
