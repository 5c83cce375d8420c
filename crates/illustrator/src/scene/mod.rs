//! The whole picture: room, figure, air, finish.

mod accessories;
mod backdrop;
mod figure;
mod finish;

use crate::colour::Rgb;
use crate::picture::Picture;
use crate::reading::Design;
use crate::surface::{Layer, View, p};

/// Draws a design on a surface of the given size.
pub(crate) fn draw(design: &Design, width: usize, height: usize) -> Picture {
    let mut canvas = Layer::new(width, height);
    let (w, h) = (width as f32, height as f32);
    let scale = (h * 0.86 / 915.0).min(w * 0.92 / 420.0);
    let floor = h * 0.95;
    let view = View { scale, mirror: design.mirror, origin: p(w * 0.5, floor - 900.0 * scale) };
    backdrop::paint(&mut canvas, design);
    let mut figure = Layer::new(width, height);
    let body = figure::pose(design);
    figure::paint(&mut figure, &view, design, &body);
    canvas.shade_below(&figure.opacity(), (scale * 14.0, scale * 10.0), scale * 14.0, Rgb([0.55, 0.52, 0.58]), 0.35);
    canvas.stack(&figure);
    finish::develop(&canvas, design)
}
