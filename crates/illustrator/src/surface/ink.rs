//! Ink lines: tapered, slightly uneven, like a brush pen.

use super::geometry::{P, View};
use super::layer::Layer;
use super::outline::{Outline, smooth};
use super::patch::Patch;
use crate::colour::Rgb;
use crate::noise;

/// How a line is drawn; widths in drawing units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    pub(crate) colour: Rgb,
    pub(crate) opacity: f32,
    /// Full width in the middle.
    pub(crate) width: f32,
    /// Width at the start and end as a share of the middle.
    pub(crate) start: f32,
    pub(crate) end: f32,
}

impl Pen {
    /// A line that is thin at both ends.
    pub(crate) fn tapered(colour: Rgb, width: f32) -> Self {
        Self { colour, opacity: 1.0, width, start: 0.15, end: 0.15 }
    }

    /// A line of nearly constant width.
    pub(crate) fn even(colour: Rgb, width: f32) -> Self {
        Self { colour, opacity: 1.0, width, start: 0.8, end: 0.8 }
    }

    /// The same pen, lighter.
    pub(crate) fn faint(mut self, opacity: f32) -> Self {
        self.opacity = opacity;
        self
    }
}

/// Draws a smooth line through the points.
pub(crate) fn draw_line(layer: &mut Layer, view: &View, points: &[P], pen: Pen) {
    if let Some(stroke) = stroke(view, points, pen) {
        layer.fill(&stroke, view, pen.colour, pen.opacity);
    }
}

/// Draws a smooth line, only where the patch covers.
pub(crate) fn draw_line_within(layer: &mut Layer, view: &View, points: &[P], pen: Pen, within: &Patch) {
    if let Some(stroke) = stroke(view, points, pen) {
        let mut patch = stroke.cover(view, layer.width, layer.height);
        patch.intersect(within);
        layer.paint(&patch, |_, _| (pen.colour, pen.opacity));
    }
}

/// The filled shape of a line.
fn stroke(view: &View, points: &[P], pen: Pen) -> Option<Outline> {
    let line = if points.len() > 24 { points.to_vec() } else { smooth(points, false, 8) };
    if line.len() < 2 || pen.opacity <= 0.0 {
        return None;
    }
    let thinnest = 0.55 / view.scale;
    let count = line.len() as f32 - 1.0;
    let (mut left, mut right) = (Vec::with_capacity(line.len() * 2), Vec::with_capacity(line.len()));
    for (i, q) in line.iter().enumerate() {
        let t = i as f32 / count;
        let before = line.get(i.saturating_sub(1)).copied().unwrap_or(*q);
        let after = line.get(i + 1).copied().unwrap_or(*q);
        let ends = if t < 0.5 { pen.start } else { pen.end };
        let swell = 1.0 - (2.0 * t - 1.0) * (2.0 * t - 1.0);
        let uneven = 1.0 + 0.16 * noise::value(q.x * 0.06, q.y * 0.06, 77);
        let half = (pen.width * 0.5 * (ends + (1.0 - ends) * swell) * uneven).max(thinnest * 0.5);
        let normal = (after - before).normal();
        left.push(*q + normal * half);
        right.push(*q - normal * half);
    }
    right.reverse();
    left.extend(right);
    Some(Outline::polygon(&left))
}
