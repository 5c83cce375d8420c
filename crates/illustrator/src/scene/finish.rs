//! The grain of drawing paper and the last tone curve.

use crate::noise;
use crate::picture::Picture;
use crate::reading::design::Design;
use crate::surface::layer::Layer;

/// Turns the canvas into bytes, with the grain of paper.
pub(crate) fn develop(canvas: &Layer, design: &Design) -> Picture {
    let (width, height) = (canvas.width, canvas.height);
    let grain_seed = (design.seed >> 13) as u32;
    let mut rgb = Vec::with_capacity(width * height * 3);
    for (i, pixel) in canvas.pixels.iter().enumerate() {
        let (x, y) = ((i % width.max(1)) as i32, (i / width.max(1)) as i32);
        let grain =
            0.010 * noise::white(x, y, grain_seed) + 0.012 * noise::value(x as f32 * 0.37, y as f32 * 0.41, grain_seed);
        for channel in pixel.iter().take(3) {
            rgb.push(((channel + grain) * 255.0 + 0.5).clamp(0.0, 255.0) as u8);
        }
    }
    Picture { width_px: width as u32, height_px: height as u32, rgb }
}
