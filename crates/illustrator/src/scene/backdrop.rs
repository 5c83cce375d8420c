//! The room behind the figure.

use crate::colour::Rgb;
use crate::reading::Design;
use crate::scalar::bell;
use crate::surface::{Layer, P, p};

/// Paints the room.
pub(crate) fn paint(canvas: &mut Layer, design: &Design) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let ground = design.palette.ground;
    let mut dice = design.dice("room");
    let lights: Vec<(P, f32, Rgb)> = [design.palette.second, ground.shift(0.06, 1.2), design.palette.accent, ground]
        .into_iter()
        .map(|c| (p(dice.unit() * w, dice.unit() * h), dice.range(0.35, 0.7) * w.max(h), ground.mix(c, 0.35)))
        .collect();
    canvas.flood(|x, y| {
        let mut colour = ground;
        for (centre, reach, tint) in &lights {
            let (dx, dy) = ((x - centre.x) / reach, (y - centre.y) / reach);
            colour = colour.mix(*tint, 0.8 * bell((dx * dx + dy * dy).sqrt() * 1.5));
        }
        colour
    });
}
