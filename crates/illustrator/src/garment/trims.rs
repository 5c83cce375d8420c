//! Belts, buttons, pockets, ribbons, lapels.

use super::drape::Fold;
use super::loft::Loft;
use super::tailor::{From, Tailor};
use crate::colour::Rgb;
use crate::scalar::{cos, sin};
use crate::surface::geometry::{P, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::outline::Outline;

impl Tailor<'_> {
    fn colour(&self, from: From) -> Rgb {
        match from {
            From::Main => self.design.palette.main,
            From::Second => self.design.palette.second,
            From::Accent => self.design.palette.accent,
        }
    }

    /// A band around the body between two heights.
    pub(crate) fn band(&mut self, top: f32, bottom: f32, ease: f32, from: From) {
        let b = self.body;
        let rows =
            [b.eased(top, ease, 5.0), b.eased((top + bottom) * 0.5, ease + 0.5, 5.0), b.eased(bottom, ease, 5.0)];
        let loft = Loft::through(&rows);
        let drape = self.drape(0.85, vec![]);
        self.sew(&loft, &drape, from, None, 3.0);
        self.line(&loft.across(0.0, -1.0, 1.0), 1.4, 0.8, from);
    }

    /// A belt with a buckle.
    pub(crate) fn belt(&mut self, y: f32, ease: f32, from: From) {
        self.band(y - 7.0, y + 7.0, ease, from);
        let metal = Rgb::hex("#d9bd7c");
        let c = self.body.front(6.0, y) + p(0.0, 5.0);
        let buckle = Outline::rectangle(c.x - 9.0, c.y - 9.0, c.x + 9.0, c.y + 9.0).with_hole(Outline::rectangle(
            c.x - 5.5,
            c.y - 5.5,
            c.x + 5.5,
            c.y + 5.5,
        ));
        self.layer.fill(&buckle, &self.view, metal, 1.0);
        let ink = metal.ink();
        draw_line(
            self.layer,
            &self.view,
            &[p(c.x - 9.0, c.y - 9.0), p(c.x + 9.0, c.y - 9.0), p(c.x + 9.0, c.y + 9.0)],
            Pen::even(ink, 1.0).faint(0.7),
        );
    }

    /// A tied sash with hanging ends.
    pub(crate) fn sash(&mut self, y: f32, ease: f32, from: From) {
        self.band(y - 8.0, y + 8.0, ease, from);
        let knot = self.body.front(16.0, y) + p(0.0, 4.0);
        for (dx, dy, w) in [(16.0, 104.0, 8.0), (32.0, 86.0, 7.0)] {
            let spine = [
                (knot, 4.0, 4.0),
                (knot + p(dx * 0.35, dy * 0.35), w * 0.8, w * 0.8),
                (knot + p(dx * 0.6, dy * 0.7), w, w),
                (knot + p(dx, dy), w * 1.1, w * 1.1),
            ];
            let loft = Loft::tube(&spine);
            let drape = self.drape(0.4, vec![Fold::Flare { count: 1.5, from: 0.0, depth: 1.5, phase: 0.3 }]);
            self.sew(&loft, &drape, from, None, 3.0);
        }
        self.layer.fill(&Outline::ellipse(knot, 8.0, 9.5, 0.2), &self.view, self.colour(from).shift(0.02, 1.0), 1.0);
        let ink = self.ink(from);
        draw_line(
            self.layer,
            &self.view,
            &[knot + p(-7.0, -5.0), knot + p(0.0, -8.0), knot + p(7.0, 0.0), knot + p(3.0, 8.0)],
            Pen::tapered(ink, 1.4),
        );
    }

    /// A bow with two loops and two tails.
    pub(crate) fn ribbon(&mut self, centre: P, size: f32, from: From) {
        let (colour, ink) = (self.colour(from), self.ink(from));
        for side in [-1.0, 1.0] {
            self.ribbon_tail(centre, size, side, (colour, ink));
        }
        for side in [-1.0, 1.0] {
            self.ribbon_loop(centre, size, side, (colour, ink));
        }
        self.layer.fill(
            &Outline::ellipse(centre, size * 0.24, size * 0.28, 0.0),
            &self.view,
            colour.shift(0.02, 1.0),
            1.0,
        );
        self.outline_points(
            &[
                centre + p(-size * 0.2, -size * 0.2),
                centre + p(0.0, -size * 0.28),
                centre + p(size * 0.22, 0.0),
                centre + p(size * 0.1, size * 0.26),
            ],
            ink,
        );
    }

    fn ribbon_tail(&mut self, centre: P, size: f32, side: f32, (colour, ink): (Rgb, Rgb)) {
        let tail = Outline::polygon(&crate::surface::outline::smooth(
            &[
                centre,
                centre + p(side * size * 0.30, size * 0.8),
                centre + p(side * size * 0.62, size * 1.9),
                centre + p(side * size * 0.34, size * 1.78),
                centre + p(side * size * 0.16, size * 1.98),
                centre + p(side * size * 0.02, size * 0.8),
            ],
            true,
            6,
        ));
        self.layer.fill_gradient(
            &tail,
            &self.view,
            (centre, colour.shift(-0.08, 1.0), 1.0),
            (centre + p(0.0, size * 2.0), colour, 1.0),
        );
        self.outline_points(
            &[
                centre,
                centre + p(side * size * 0.30, size * 0.8),
                centre + p(side * size * 0.62, size * 1.9),
                centre + p(side * size * 0.34, size * 1.78),
                centre + p(side * size * 0.16, size * 1.98),
            ],
            ink,
        );
    }

    fn ribbon_loop(&mut self, centre: P, size: f32, side: f32, (colour, ink): (Rgb, Rgb)) {
        let points = [
            centre + p(0.0, -1.0),
            centre + p(side * size * 0.45, -size * 0.55),
            centre + p(side * size * 1.05, -size * 0.48),
            centre + p(side * size * 1.12, size * 0.16),
            centre + p(side * size * 0.98, size * 0.52),
            centre + p(side * size * 0.42, size * 0.30),
        ];
        let loop_shape = Outline::blob(&points);
        let patch = loop_shape.cover(&self.view, self.layer.width, self.layer.height);
        let reach = self.view.scale * 2.5;
        self.layer.shade_below(&patch, (reach * 0.6, reach), reach, Rgb([0.45, 0.4, 0.46]), 0.5);
        self.layer.fill_gradient(
            &loop_shape,
            &self.view,
            (centre, colour.shift(-0.10, 1.0), 1.0),
            (centre + p(side * size, -size * 0.3), colour.shift(0.05, 1.0), 1.0),
        );
        let mut edge = points.to_vec();
        edge.push(centre);
        self.outline_points(&edge, ink);
        self.outline_points(
            &[centre, centre + p(side * size * 0.4, -size * 0.06), centre + p(side * size * 0.62, 0.0)],
            ink,
        );
    }

    fn outline_points(&mut self, points: &[P], ink: Rgb) {
        draw_line(self.layer, &self.view, points, Pen { start: 0.5, end: 0.5, ..Pen::tapered(ink, 1.4) }.faint(0.85));
    }

    /// A row of buttons down the front.
    pub(crate) fn buttons(&mut self, across: f32, from_y: f32, to_y: f32, count: usize, cloth: From) {
        let placket = [
            self.body.front(across - 7.0, from_y),
            self.body.front(across - 7.0, (from_y + to_y) * 0.5),
            self.body.front(across - 7.0, to_y),
        ];
        self.line(&placket, 1.2, 0.6, cloth);
        self.loose_buttons(across, from_y + 8.0, to_y, count, cloth);
    }

    /// A row of buttons without a placket.
    pub(crate) fn loose_buttons(&mut self, across: f32, from_y: f32, to_y: f32, count: usize, cloth: From) {
        let ground = self.colour(cloth);
        let colour = if ground.lightness() > 0.72 { ground.shift(-0.24, 0.8) } else { Rgb::hex("#efe6d6") };
        for i in 0..count {
            let t = i as f32 / (count.max(2) - 1) as f32;
            let q = self.body.front(across, from_y + (to_y - from_y) * t) + p(0.0, 4.0);
            self.layer.fill(&Outline::ellipse(q + p(0.8, 1.4), 4.3, 4.3, 0.0), &self.view, ground.ink(), 0.45);
            self.layer.fill_gradient(
                &Outline::ellipse(q, 4.0, 4.0, 0.0),
                &self.view,
                (q - p(3.0, 3.0), colour.shift(0.06, 1.0), 1.0),
                (q + p(3.0, 3.0), colour.shift(-0.12, 1.0), 1.0),
            );
            for (dx, dy) in [(-1.2, 0.0), (1.2, 0.0)] {
                self.layer.fill(&Outline::ellipse(q + p(dx, dy), 0.7, 0.7, 0.0), &self.view, ground.ink(), 0.8);
            }
        }
    }

    /// A pocket patch or flap on a piece, given in the piece's coordinates.
    pub(crate) fn pocket(&mut self, loft: &Loft, (u0, v0): (f32, f32), (u1, v1): (f32, f32), flap: bool, cloth: From) {
        let ink = self.ink(cloth);
        let shape = loft.patch(&[
            (u0, v0),
            (u1, v0),
            (u1, v1),
            ((u0 + u1) * 0.5, v1 + if flap { 0.0 } else { 0.012 }),
            (u0, v1),
        ]);
        let patch = shape.cover(&self.view, self.layer.width, self.layer.height);
        let reach = self.view.scale * 2.0;
        let mut tone = patch.clone();
        self.layer.shade_below(&patch, (reach * 0.5, reach), reach, Rgb([0.5, 0.46, 0.52]), 0.16);
        tone.alpha.iter_mut().for_each(|a| *a /= 14);
        self.layer.paint(&tone, |_, _| (Rgb([1.0; 3]), 1.0));
        let line = |points: &[(f32, f32)]| -> Vec<P> { points.iter().map(|(u, v)| loft.at(*u, *v)).collect() };
        let pen = Pen::even(ink, 1.5).faint(0.8);
        let edge =
            line(&[(u0, v0), (u0, v1), ((u0 + u1) * 0.5, v1 + if flap { 0.0 } else { 0.012 }), (u1, v1), (u1, v0)]);
        for pair in edge.windows(2) {
            draw_line(self.layer, &self.view, pair, pen);
        }
        draw_line(
            self.layer,
            &self.view,
            &line(&[(u0, v0), ((u0 + u1) * 0.5, v0), (u1, v0)]),
            Pen::even(ink, 1.8).faint(0.9),
        );
    }

    /// Notched lapels of a coat or jacket, down to a height.
    pub(crate) fn lapels(&mut self, depth: f32, spread: f32, cloth: From) {
        let (colour, ink) = (self.colour(cloth), self.ink(cloth));
        for side in [-1.0, 1.0] {
            let b = self.body;
            let points = [
                p(side * 20.0, 124.0),
                p(side * 34.0, 140.0),
                p(side * (spread + 12.0), 166.0),
                p(side * (spread + 2.0), 178.0),
                p(side * (spread + 16.0), 190.0),
                b.front(side * 6.0, depth) + p(0.0, 3.0),
                p(side * 4.0, 190.0),
                p(side * 17.0, 150.0),
            ];
            let shape = Outline::polygon(&points);
            let patch = shape.cover(&self.view, self.layer.width, self.layer.height);
            let reach = self.view.scale * 3.5;
            self.layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.6);
            let main = &self.cloths.main;
            let (view, use_main) = (self.view, cloth == From::Main);
            let lift = if side < 0.0 { 0.05 } else { -0.03 };
            self.layer.paint(&patch, |x, y| {
                let q = p((x - view.origin.x) / view.scale, (y - view.origin.y) / view.scale);
                let lean = q.rotate(side * 0.4);
                let base = if use_main { main.colour(&main.sample(lean.x, lean.y), 0.0) } else { colour };
                (
                    if lift > 0.0 {
                        base.mix(Rgb([1.0, 0.99, 0.96]), lift * 1.6)
                    } else {
                        base.times(Rgb([0.88, 0.87, 0.90]))
                    },
                    1.0,
                )
            });
            for pair in points.windows(2).take(6) {
                draw_line(self.layer, &self.view, pair, Pen::even(ink, 1.6).faint(0.9));
            }
        }
    }

    /// A small flower of cloth.
    pub(crate) fn rosette(&mut self, centre: P, size: f32, colour: Rgb) {
        for ring in 0..3 {
            let (count, reach, petal) =
                [(7, 0.62, 0.46), (5, 0.36, 0.38), (3, 0.15, 0.26)].get(ring).copied().unwrap_or((5, 0.3, 0.3));
            for i in 0..count {
                let angle = i as f32 * core::f32::consts::TAU / count as f32 + ring as f32 * 0.5;
                let q = centre + p(cos(angle), sin(angle)) * (size * reach);
                let tone = colour.shift(0.05 - 0.05 * (2 - ring) as f32 - 0.03 * sin(angle), 1.0);
                self.layer.fill(&Outline::ellipse(q, size * petal, size * petal * 0.8, angle), &self.view, tone, 1.0);
                let rim: Vec<P> = (0..8)
                    .map(|k| angle - 1.1 + k as f32 * 0.31)
                    .map(|t| q + p(cos(t), sin(t)) * (size * petal * 0.92))
                    .collect();
                draw_line(self.layer, &self.view, &rim, Pen::tapered(colour.ink(), 0.8).faint(0.5));
            }
        }
    }
}
