//! Skirts and trousers.

use super::drape::Fold;
use super::loft::{Loft, Row, row};
use super::tailor::{From, Tailor};
use crate::surface::geometry::p;

/// A skirt from a seam to a hem.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Skirt {
    pub(crate) top: f32,
    pub(crate) top_ease: f32,
    pub(crate) hem: f32,
    pub(crate) half: f32,
    /// 0 straight sides, positive bells out at the hip, negative stays close and opens late.
    pub(crate) flare: f32,
    pub(crate) folds: f32,
    pub(crate) gather: f32,
    pub(crate) pleats: f32,
}

/// The measures of trouser legs, in drawing units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Legs {
    pub(crate) top: f32,
    pub(crate) hip: f32,
    pub(crate) knee: f32,
    pub(crate) hem: f32,
    /// Height of the hem as a share of the lower leg, 1 at the ankle.
    pub(crate) drop: f32,
}

impl Tailor<'_> {
    /// The rows of a skirt.
    pub(crate) fn skirt_rows(&self, s: Skirt) -> Vec<Row> {
        let b = self.body;
        let top_half = b.half(s.top) + s.top_ease;
        let mut rows = vec![b.row(s.top, top_half, 4.0)];
        let steps = 6;
        for i in 1..=steps {
            let t = i as f32 / steps as f32;
            let y = s.top + (s.hem - s.top) * t;
            let straight = top_half + (s.half - top_half) * t;
            let bulge = s.flare * crate::scalar::sin(t * core::f32::consts::PI) * (1.0 - 0.35 * t);
            let body = if y < 420.0 { b.half(y) + 3.0 } else { 0.0 };
            let swing = (s.half * 0.10 * t).min(20.0);
            rows.push(b.row(y, (straight + bulge).max(body), 4.0 + swing));
        }
        rows
    }

    /// Sews a skirt, with the inside of its back hem behind the legs' front.
    pub(crate) fn skirt(&mut self, s: Skirt, from: From) -> Loft {
        let phase = self.design.rng("skirt").range(0.0, 6.0);
        let flare = ((s.half - 70.0) / 60.0).clamp(0.0, 2.2);
        let count = self.fold_count(s.folds);
        let wave = if s.pleats > 0.0 { 1.5 } else { 2.0 + 3.4 * flare };
        let loft = Loft::through(&self.skirt_rows(s)).with_hem(count, wave, phase);
        let mut folds = vec![];
        if s.pleats > 0.0 {
            folds.push(Fold::Pleat { count: s.pleats, from: 0.02, depth: 7.0 });
        } else {
            folds.push(Fold::Flare { count, from: 0.06, depth: 2.6 + 2.6 * flare, phase });
            folds.push(Fold::Drag { from: (-0.7, 0.04), to: (0.1, 0.34), width: 9.0, depth: 1.6 });
        }
        if s.gather > 0.0 {
            folds.push(Fold::Gather { at: 0.0, reach: 0.42, count: 13.0, depth: s.gather });
        }
        let drape = self.drape(0.75, folds);
        self.back_hem(&loft, s);
        self.sew(&loft, &drape, from, None, 4.0);
        if s.pleats > 0.0 {
            let number = s.pleats as usize;
            for i in 1..number {
                let u = -1.0 + 2.0 * i as f32 / number as f32;
                self.line(&loft.down(u, 0.02, 1.0), 1.3, 0.55, from);
            }
        } else {
            self.fold_lines(&loft, count, 0.15, 0.6, from);
        }
        self.hem_stitch(&loft, 0.975, from);
        loft
    }

    fn back_hem(&mut self, front: &Loft, s: Skirt) {
        let rows = [
            self.body.row(s.hem - 40.0, s.half * 0.7, 6.0),
            self.body.row(s.hem - 3.0, s.half * 0.955, (s.half * 0.10).min(20.0) * 0.8),
        ];
        let phase = front.hem.phase + core::f32::consts::PI;
        let back = Loft::through(&rows).with_hem(front.hem.folds, front.hem.height, phase);
        let colour = self.design.palette.main.shift(-0.20, 0.8);
        self.layer.fill(&back.outline_between(0.0, 1.0), &self.view, colour, 1.0);
    }

    /// Draws both legs of a pair of trousers.
    pub(crate) fn trousers(&mut self, legs: Legs, from: From) {
        for index in [1 - self.body.front_leg, self.body.front_leg] {
            let loft = self.leg_loft(index, legs);
            let wide = legs.hem > 26.0;
            let mut folds = vec![
                Fold::Drag {
                    from: (if index == 0 { 0.9 } else { -0.9 }, 0.22),
                    to: (if index == 0 { -0.6 } else { 0.6 }, 0.16),
                    width: 6.0,
                    depth: 1.8,
                },
                Fold::Bend { at: 0.55, reach: 0.16, count: 3.0, slant: 0.6, depth: if wide { 1.2 } else { 2.0 } },
                Fold::Stack { from: 0.80, count: 15.0, depth: if wide { 0.8 } else { 1.8 } },
            ];
            if wide {
                folds.push(Fold::Flare { count: 2.6, from: 0.12, depth: 4.2, phase: 0.6 + index as f32 });
            }
            let drape = self.drape(0.8, folds);
            self.sew(&loft, &drape, from, None, 3.0);
            self.line(&loft.down(if wide { 0.06 } else { 0.1 }, 0.12, 0.97), 1.2, 0.45, from);
            if wide {
                self.fold_lines(&loft, 2.0, 0.3, 0.5, from);
            }
            self.hem_stitch(&loft, 0.97, from);
        }
        let fly = [self.body.front(0.0, legs.top + 4.0), self.body.front(1.0, 360.0), self.body.front(0.0, 420.0)];
        self.line(&fly, 1.6, 0.7, from);
    }

    fn leg_loft(&self, index: usize, legs: Legs) -> Loft {
        let b = self.body;
        let out = if index == 0 { -1.0 } else { 1.0 };
        let (hip, knee, ankle) = (b.hip[index], b.knee[index], b.ankle[index]);
        let at = |outer: crate::surface::geometry::P, inner: crate::surface::geometry::P| {
            if index == 0 { row(outer, inner, 3.0) } else { row(inner, outer, 3.0) }
        };
        let waist = |y: f32, room: f32| at(b.front(out * (b.half(y) + room), y), b.front(0.0, y));
        let level = |centre: crate::surface::geometry::P, outer: f32, inner: f32| {
            at(p(centre.x + out * outer, centre.y), p(centre.x - out * inner, centre.y))
        };
        let hem = knee.lerp(ankle, legs.drop);
        let crotch_inner = (hip.x - b.seat.x).abs();
        Loft::through(&[
            waist(legs.top, 2.0),
            waist(330.0, 2.0 + legs.hip * 0.5),
            waist(378.0, 2.0 + legs.hip),
            level(p(hip.x, 420.0), 34.0 + legs.hip, crotch_inner.max(24.0)),
            level(hip.lerp(knee, 0.45), 29.0 + (legs.hip + legs.knee) * 0.5, 27.0 + legs.knee * 0.4),
            level(knee, 19.0 + legs.knee, 19.0 + legs.knee * 0.7),
            level(knee.lerp(hem, 0.5), 16.0 + (legs.knee + legs.hem) * 0.5, 16.0 + (legs.knee + legs.hem) * 0.4),
            level(hem, 10.0 + legs.hem, 10.0 + legs.hem * 0.85),
        ])
    }
}
