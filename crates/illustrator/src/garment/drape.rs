//! How cloth falls: a height field over a loft, in drawing units.

use crate::noise;
use crate::scalar::{cos, gaussian, segment_distance, sin, smoothstep};
use core::f32::consts::PI;

/// One kind of fold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fold {
    /// Folds that open towards the hem.
    Flare { count: f32, from: f32, depth: f32, phase: f32 },
    /// Fine gathers below (`reach > 0`) or above (`reach < 0`) a seam.
    Gather { at: f32, reach: f32, count: f32, depth: f32 },
    /// Pressed pleats with a sharp edge.
    Pleat { count: f32, from: f32, depth: f32 },
    /// Creases across a bent joint.
    Bend { at: f32, reach: f32, count: f32, slant: f32, depth: f32 },
    /// A pull between two points (`u`, `v`).
    Drag { from: (f32, f32), to: (f32, f32), width: f32, depth: f32 },
    /// Cloth that stacks up at the end.
    Stack { from: f32, count: f32, depth: f32 },
}

/// The falling of one piece.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drape {
    /// Roundness of the body below, 0 flat to 1 tube.
    pub(crate) round: f32,
    /// Height of irregular wrinkles in units.
    pub(crate) wrinkle: f32,
    pub(crate) folds: Vec<Fold>,
    pub(crate) seed: u32,
}

impl Drape {
    /// Height at (`u`, `v`) with cloth coordinates (`cx`, `cy`) on a piece of the given half width, all in units.
    pub(crate) fn height(&self, u: f32, v: f32, cx: f32, cy: f32, half_width: f32) -> f32 {
        let mut h = self.round * half_width * 0.62 * (1.0 - u * u * (0.75 + 0.25 * u * u));
        if self.wrinkle > 0.0 {
            let stretch = noise::value(cx * 0.030, cy * 0.010, self.seed)
                + 0.5 * noise::value(cx * 0.05 + cy * 0.02, cy * 0.026, self.seed ^ 91);
            h += self.wrinkle * stretch;
        }
        for fold in &self.folds {
            h += self.fold(*fold, u, v, cx, cy);
        }
        h
    }

    fn fold(&self, fold: Fold, u: f32, v: f32, cx: f32, cy: f32) -> f32 {
        match fold {
            Fold::Flare { count, from, depth, phase } => {
                let grow = smoothstep(from, 1.0, v);
                let wander = 0.35 * noise::value(u * 2.0, v * 1.5, self.seed ^ 5);
                let wave = cos(u * count * PI + phase + wander);
                let second = 0.35 * cos(u * count * 1.7 * PI + phase * 2.0 + 1.3);
                depth * grow * (wave + second)
            }
            Fold::Gather { at, reach, count, depth } => {
                let t = (v - at) / reach;
                if !(0.0..=1.0).contains(&t) {
                    return 0.0;
                }
                let fade = (1.0 - t) * (1.0 - t) * smoothstep(0.0, 0.04, t);
                let jitter = 1.4 * noise::value(u * 6.0, 0.0, self.seed ^ 17);
                depth
                    * fade
                    * sin(u * count * PI + jitter)
                    * (0.6 + 0.4 * noise::value(u * 9.0, t * 2.0, self.seed ^ 3))
            }
            Fold::Pleat { count, from, depth } => {
                let saw = crate::scalar::fract(u * count * 0.5 + 0.5);
                depth * smoothstep(from, from + 0.08, v) * (saw * (1.0 - smoothstep(0.86, 1.0, saw)) - 0.4)
            }
            Fold::Bend { at, reach, count, slant, depth } => {
                let distance = (v - at) / reach;
                let wander = noise::value(u * 1.5 + 9.0, v * 6.0, self.seed ^ 29);
                depth * gaussian(distance * 1.6) * sin((distance * count + slant * u + wander) * PI)
            }
            Fold::Drag { from, to, width, depth } => {
                let scale = if v.abs() > 1e-4 { (cy / v).abs() } else { 100.0 };
                let side = if u.abs() > 1e-4 { (cx / u).abs() } else { 40.0 };
                let d = segment_distance(cx, cy, from.0 * side, from.1 * scale, to.0 * side, to.1 * scale);
                depth * (gaussian(d / width) - 0.6 * gaussian(d / width - 1.6))
            }
            Fold::Stack { from, count, depth } => {
                let t = smoothstep(from, 1.0, v);
                let wander = 0.8 * noise::value(u * 2.0, v * 4.0, self.seed ^ 41);
                depth * t * sin((v * count + 0.5 * u + wander) * PI)
            }
        }
    }
}
