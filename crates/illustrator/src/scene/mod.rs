//! The whole picture: room, figure, air, finish.

mod backdrop;
mod finish;

use crate::picture::Picture;
use crate::reading::Design;
use crate::surface::Layer;

/// Draws a design on a surface of the given size.
pub(crate) fn draw(design: &Design, width: usize, height: usize) -> Picture {
    let mut canvas = Layer::new(width, height);
    backdrop::paint(&mut canvas, design);
    finish::develop(&canvas, design)
}
