//! Where things stand in a picture of a given shape.

use crate::reading::answers::Season;
use crate::reading::design::Design;
use crate::surface::geometry::{P, View, p};

/// The composition, in pixels.
pub(crate) struct Stage {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Where wall and floor meet.
    pub(crate) horizon: f32,
    /// Where the figure stands.
    pub(crate) feet: P,
    /// Pixels per drawing unit.
    pub(crate) scale: f32,
    /// Room beside the figure for cloth samples: left and right edge.
    pub(crate) panel: Option<(f32, f32)>,
    /// The side of the figure on which there is more room: −1 or 1.
    pub(crate) free_side: f32,
    pub(crate) view: View,
}

impl Stage {
    /// Composes the picture.
    pub(crate) fn compose(design: &Design, width: usize, height: usize) -> Self {
        let (w, h) = (width as f32, height as f32);
        let umbrella = if design.season == Season::Rainy { 0.90 } else { 1.0 };
        let side = if design.mirror { 1.0 } else { -1.0 };
        let ratio = w / h;
        let (share, offset) = match ratio {
            r if r > 2.0 => (0.87, 0.20),
            r if r > 1.3 => (0.88, 0.17),
            r if r > 0.95 => (0.88, 0.12),
            r if r > 0.6 => (0.87, 0.0),
            _ => (0.80, 0.0),
        };
        let scale = (h * share * umbrella / 915.0).min(w * 0.94 / 430.0);
        let feet = p(w * (0.5 - side * offset), h * if ratio < 0.6 { 0.915 } else { 0.945 });
        let panel = (ratio > 0.95).then(|| {
            let inner = feet.x + side * 235.0 * scale;
            let outer = if side > 0.0 { w - w.min(h) * 0.07 } else { w.min(h) * 0.07 };
            if side > 0.0 { (inner, outer) } else { (outer, inner) }
        });
        let panel = panel.filter(|(a, b)| b - a > h * 0.12);
        Self {
            width: w,
            height: h,
            horizon: feet.y - 118.0 * scale,
            feet,
            scale,
            panel,
            free_side: side,
            view: View { scale, mirror: design.mirror, origin: p(feet.x, feet.y - 900.0 * scale) },
        }
    }

    /// A point on the picture: `x` in drawing units from the figure's balance line, `y` from the ground up.
    pub(crate) fn at(&self, x: f32, up: f32) -> P {
        p(self.feet.x + x * self.scale, self.feet.y - up * self.scale)
    }
}
