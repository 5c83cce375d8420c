//! Lofts: surfaces drawn from a top row to a bottom row, with a coordinate across (`u`, −1 to 1) and down (`v`, 0 to 1).
//!
//! Everything with volume is one: sleeves, skirts, limbs, hair. Cloth coordinates are distances in drawing units from
//! the centre line and from the top, so that a pattern keeps its scale where the piece widens, as cut cloth does.

use crate::scalar::{cos, smoothstep};
use crate::surface::geometry::{P, p};
use crate::surface::outline::{Outline, smooth};

const ROWS: usize = 56;

/// One row: its ends, and how far its middle hangs below the straight line between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) l: P,
    pub(crate) r: P,
    pub(crate) sag: f32,
}

/// A row of a loft, from its left end to its right end.
pub(crate) fn row(l: P, r: P, sag: f32) -> Row {
    Row { l, r, sag }
}

/// Waves of a hem: number of folds across, height in units, phase.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hem {
    pub(crate) folds: f32,
    pub(crate) height: f32,
    pub(crate) phase: f32,
}

/// A surface between a left and a right edge.
#[derive(Debug, Clone)]
pub(crate) struct Loft {
    rows: Vec<Row>,
    /// Length along the centre in drawing units.
    pub(crate) length: f32,
    pub(crate) hem: Hem,
}

impl Loft {
    /// A smooth surface through the given rows.
    pub(crate) fn through(control: &[Row]) -> Self {
        let steps = (ROWS / control.len().max(2)).max(4);
        let left = smooth(&control.iter().map(|r| r.l).collect::<Vec<_>>(), false, steps);
        let right = smooth(&control.iter().map(|r| r.r).collect::<Vec<_>>(), false, steps);
        let sags = smooth(&control.iter().map(|r| p(r.sag, 0.0)).collect::<Vec<_>>(), false, steps);
        let dense: Vec<Row> = left.iter().zip(&right).zip(&sags).map(|((l, r), s)| row(*l, *r, s.x)).collect();
        Self::even(&dense)
    }

    /// Spaces the rows evenly along the centre line.
    fn even(dense: &[Row]) -> Self {
        let centre = |r: &Row| r.l.lerp(r.r, 0.5) + p(0.0, r.sag);
        let mut travelled = vec![0.0_f32];
        for pair in dense.windows(2) {
            if let [a, b] = pair {
                let last = travelled.last().copied().unwrap_or(0.0);
                travelled.push(last + (centre(b) - centre(a)).length().max(0.01));
            }
        }
        let length = travelled.last().copied().unwrap_or(1.0).max(0.01);
        let mut rows = Vec::with_capacity(ROWS + 1);
        let mut at = 0;
        for i in 0..=ROWS {
            let wanted = length * i as f32 / ROWS as f32;
            while at + 2 < dense.len() && travelled.get(at + 1).is_some_and(|t| *t < wanted) {
                at += 1;
            }
            let (Some(a), Some(b)) = (dense.get(at), dense.get(at + 1)) else { break };
            let (from, to) = (travelled.get(at).copied().unwrap_or(0.0), travelled.get(at + 1).copied().unwrap_or(1.0));
            let t = ((wanted - from) / (to - from).max(1e-4)).clamp(0.0, 1.0);
            rows.push(row(a.l.lerp(b.l, t), a.r.lerp(b.r, t), a.sag + (b.sag - a.sag) * t));
        }
        Self { rows, length, hem: Hem::default() }
    }

    /// A tube around a spine of points with half widths left and right of the direction of travel.
    pub(crate) fn tube(spine: &[(P, f32, f32)]) -> Self {
        let rows: Vec<Row> = spine
            .iter()
            .enumerate()
            .map(|(i, (q, left, right))| {
                let before = spine.get(i.saturating_sub(1)).map_or(*q, |s| s.0);
                let after = spine.get(i + 1).map_or(*q, |s| s.0);
                let normal = (after - before).normal();
                row(*q + normal * *left, *q - normal * *right, 0.0)
            })
            .collect();
        Self::through(&rows)
    }

    /// The same surface with a wavy hem.
    pub(crate) fn with_hem(mut self, folds: f32, height: f32, phase: f32) -> Self {
        self.hem = Hem { folds, height, phase };
        self
    }

    fn row_at(&self, v: f32) -> Row {
        let last = self.rows.len().saturating_sub(1);
        let position = v * last as f32;
        let i = (position.floor().max(0.0) as usize).min(last.saturating_sub(1));
        let t = position - i as f32;
        let a = self.rows.get(i).copied().unwrap_or(row(P::default(), P::default(), 0.0));
        let b = self.rows.get(i + 1).copied().unwrap_or(a);
        row(a.l.lerp(b.l, t), a.r.lerp(b.r, t), a.sag + (b.sag - a.sag) * t)
    }

    /// Half width of the row at `v`.
    pub(crate) fn half_width(&self, v: f32) -> f32 {
        let r = self.row_at(v);
        (r.r - r.l).length() * 0.5
    }

    /// The point at `u` across and `v` down.
    pub(crate) fn at(&self, u: f32, v: f32) -> P {
        let r = self.row_at(v);
        let mut q = r.l.lerp(r.r, (u + 1.0) * 0.5) + p(0.0, r.sag * (1.0 - u * u));
        if self.hem.height != 0.0 {
            let swing = cos(u * self.hem.folds * core::f32::consts::PI + self.hem.phase);
            q.y += self.hem.height * swing * smoothstep(0.55, 1.0, v) * (1.0 - 0.5 * u * u);
        }
        q
    }

    /// The line at constant `u` between two values of `v`.
    pub(crate) fn down(&self, u: f32, from: f32, to: f32) -> Vec<P> {
        (0..=32).map(|i| self.at(u, from + (to - from) * i as f32 / 32.0)).collect()
    }

    /// The line at constant `v` between two values of `u`.
    pub(crate) fn across(&self, v: f32, from: f32, to: f32) -> Vec<P> {
        (0..=48).map(|i| self.at(from + (to - from) * i as f32 / 48.0, v)).collect()
    }

    /// The edge of the surface between two values of `v`.
    pub(crate) fn outline_between(&self, from: f32, to: f32) -> Outline {
        let mut points = self.across(from, -1.0, 1.0);
        points.extend(self.down(1.0, from, to));
        let mut back = self.across(to, -1.0, 1.0);
        back.reverse();
        points.extend(back);
        let mut up = self.down(-1.0, from, to);
        up.reverse();
        points.extend(up);
        Outline::polygon(&points)
    }

    /// A closed shape given in (`u`, `v`).
    pub(crate) fn patch(&self, corners: &[(f32, f32)]) -> Outline {
        let mut points = Vec::new();
        for (i, (u0, v0)) in corners.iter().enumerate() {
            let (u1, v1) = corners.get((i + 1) % corners.len()).copied().unwrap_or((*u0, *v0));
            for step in 0..8 {
                let t = step as f32 / 8.0;
                points.push(self.at(u0 + (u1 - u0) * t, v0 + (v1 - v0) * t));
            }
        }
        Outline::polygon(&points)
    }
}
