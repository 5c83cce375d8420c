//! Outlines and their coverage.

use super::geometry::{P, View, p};
use super::patch::Patch;
use tiny_skia::{FillRule, Mask, PathBuilder, Transform};

/// A closed shape in drawing units, made of straight and curved contours.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outline {
    contours: Vec<Vec<P>>,
    even_odd: bool,
}

/// Points along a Catmull–Rom curve through the given points, `steps` per span.
pub(crate) fn smooth(points: &[P], closed: bool, steps: usize) -> Vec<P> {
    let n = points.len();
    if n < 3 {
        return points.to_vec();
    }
    let at = |i: isize| -> P {
        let n = n as isize;
        let i = if closed { i.rem_euclid(n) } else { i.clamp(0, n - 1) };
        points.get(i as usize).copied().unwrap_or_default()
    };
    let spans = if closed { n } else { n - 1 };
    let mut curve = Vec::with_capacity(spans * steps + 1);
    for i in 0..spans as isize {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        for step in 0..steps {
            let t = step as f32 / steps as f32;
            let (t2, t3) = (t * t, t * t * t);
            curve.push(
                (b * 2.0 + (c - a) * t + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t2 + (b * 3.0 - a - c * 3.0 + d) * t3)
                    * 0.5,
            );
        }
    }
    if !closed {
        curve.push(at(n as isize - 1));
    }
    curve
}

impl Outline {
    /// The closed polygon through `points`.
    pub(crate) fn polygon(points: &[P]) -> Self {
        Self { contours: vec![points.to_vec()], even_odd: false }
    }

    /// A smooth closed curve through the points.
    pub(crate) fn blob(points: &[P]) -> Self {
        Self { contours: vec![smooth(points, true, 10)], even_odd: false }
    }

    /// An ellipse turned by `angle`.
    pub(crate) fn ellipse(centre: P, rx: f32, ry: f32, angle: f32) -> Self {
        let points: Vec<P> = (0..48)
            .map(|i| {
                let a = i as f32 * (core::f32::consts::TAU / 48.0);
                centre + p(crate::scalar::cos(a) * rx, crate::scalar::sin(a) * ry).rotate(angle)
            })
            .collect();
        Self::polygon(&points)
    }

    /// An upright rectangle.
    pub(crate) fn rectangle(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self::polygon(&[p(x0, y0), p(x1, y0), p(x1, y1), p(x0, y1)])
    }

    /// A rectangle with a round top: a niche.
    pub(crate) fn arch(centre_x: f32, top: f32, bottom: f32, half_width: f32) -> Self {
        let mut points = vec![p(centre_x - half_width, bottom)];
        for i in 0..=40 {
            let a = core::f32::consts::PI * (1.0 + i as f32 / 40.0);
            points.push(p(
                centre_x + crate::scalar::cos(a) * half_width,
                top + half_width + crate::scalar::sin(a) * half_width,
            ));
        }
        points.push(p(centre_x + half_width, bottom));
        Self::polygon(&points)
    }

    /// Adds a contour; where contours overlap an even number of times nothing is filled.
    pub(crate) fn with_hole(mut self, hole: Outline) -> Self {
        self.contours.extend(hole.contours);
        self.even_odd = true;
        self
    }

    /// Adds the contours of another outline to the filled area.
    pub(crate) fn joined(mut self, other: Outline) -> Self {
        self.contours.extend(other.contours);
        self
    }

    /// Coverage of the outline inside a surface of `width × height` pixels.
    pub(crate) fn cover(&self, view: &View, width: usize, height: usize) -> Patch {
        let contours: Vec<Vec<P>> = self.contours.iter().map(|c| c.iter().map(|q| view.map(*q)).collect()).collect();
        let (mut low, mut high) = (p(f32::MAX, f32::MAX), p(f32::MIN, f32::MIN));
        for q in contours.iter().flatten() {
            low = p(low.x.min(q.x), low.y.min(q.y));
            high = p(high.x.max(q.x), high.y.max(q.y));
        }
        let clip = |v: f32, limit: usize| v.clamp(0.0, limit as f32);
        let (x0, y0) = (clip(low.x.floor(), width) as usize, clip(low.y.floor(), height) as usize);
        let (x1, y1) = (clip(high.x.ceil(), width) as usize, clip(high.y.ceil(), height) as usize);
        if x1 <= x0 || y1 <= y0 {
            return Patch::default();
        }
        let rule = if self.even_odd { FillRule::EvenOdd } else { FillRule::Winding };
        rasterise(&contours, rule, x0, y0, x1 - x0, y1 - y0).unwrap_or_default()
    }
}

fn rasterise(contours: &[Vec<P>], rule: FillRule, x: usize, y: usize, width: usize, height: usize) -> Option<Patch> {
    let mut builder = PathBuilder::new();
    for contour in contours {
        for (i, q) in contour.iter().enumerate() {
            let (px, py) = (q.x - x as f32, q.y - y as f32);
            if i == 0 {
                builder.move_to(px, py);
            } else {
                builder.line_to(px, py);
            }
        }
        builder.close();
    }
    let mut mask = Mask::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?)?;
    mask.fill_path(&builder.finish()?, rule, true, Transform::identity());
    Some(Patch { x, y, width, height, alpha: mask.data().to_vec() })
}
