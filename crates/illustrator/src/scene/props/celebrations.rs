//! What hangs and stands where people celebrate.

use super::paint::{PIXELS, Props};
use crate::colour::Rgb;
use crate::reading::design::Design;
use crate::scalar::{cos, sin};
use crate::surface::geometry::{P, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::outline::{Outline, smooth};

impl Props<'_> {
    pub(super) fn balloons_and_lights(&mut self, design: &Design) {
        let colours =
            [design.palette.accent, design.palette.second, design.palette.main.shift(0.1, 0.9), Rgb::hex("#e3c27a")];
        for (i, (x, up)) in
            [(170.0, 700.0), (222.0, 780.0), (128.0, 812.0), (196.0, 880.0), (262.0, 690.0)].into_iter().enumerate()
        {
            self.line(
                &[(x, up - 50.0), (x - 10.0, up - 200.0), (190.0, 300.0), (184.0, 84.0)],
                1.2,
                Rgb::hex("#9b948a"),
            );
            let colour = colours.get(i % 4).copied().unwrap_or(design.palette.accent);
            self.round(x, up, 40.0, 48.0, colour);
            let shine = Outline::ellipse(
                self.stage.at(self.side * x - 13.0, up + 18.0),
                8.0 * self.unit(),
                13.0 * self.unit(),
                0.5,
            );
            self.canvas.fill(&shine, PIXELS, Rgb([1.0; 3]), 0.45);
        }
        for row in 0..2 {
            for i in -12..=12 {
                let x = i as f32 * 46.0;
                let sag = 26.0 * (1.0 - cos(x * 0.02 + row as f32));
                let q = self.stage.at(x, 1000.0 - row as f32 * 60.0 - sag);
                let bulb = Outline::ellipse(q, 4.6 * self.unit(), 4.6 * self.unit(), 0.0);
                let patch = bulb.cover(PIXELS, self.canvas.width, self.canvas.height);
                self.canvas.glow(&patch, 9.0 * self.unit(), Rgb([1.0, 0.86, 0.55]), 1.0);
                self.canvas.fill(&bulb, PIXELS, Rgb([1.0, 0.95, 0.80]), 1.0);
            }
        }
        let mut rng = design.rng("confetti");
        for _ in 0..60 {
            let q = p(rng.unit() * self.stage.width, rng.unit() * self.stage.height);
            let turn = rng.range(0.0, 3.1);
            let (a, b) =
                (p(cos(turn), sin(turn)) * (6.0 * self.unit()), p(-sin(turn), cos(turn)) * (2.6 * self.unit()));
            let colour = rng.pick(&colours).unwrap_or(design.palette.accent);
            self.canvas.fill(&Outline::polygon(&[q - a - b, q + a - b, q + a + b, q - a + b]), PIXELS, colour, 0.9);
        }
    }

    pub(super) fn garland(&mut self, design: &Design) {
        let mut rng = design.rng("garland");
        let petals = [
            Rgb::hex("#fbf1ea"),
            design.palette.accent.mix(Rgb::hex("#fae3de"), 0.62),
            design.palette.second.mix(Rgb::hex("#fdf6ee"), 0.55),
            Rgb::hex("#f6dcd2"),
        ];
        let unit = self.unit();
        let spots: Vec<P> = (0..=56)
            .map(|i| {
                let a = core::f32::consts::PI * (-0.14 + 1.28 * i as f32 / 56.0);
                self.stage.at(cos(a) * 214.0, 640.0 + sin(a) * 330.0)
            })
            .collect();
        for pair in spots.windows(2) {
            draw_line(self.canvas, PIXELS, pair, Pen::even(Rgb::hex("#8c7a5e"), 5.0 * unit));
        }
        for q in &spots {
            for _ in 0..3 {
                let a = rng.range(0.0, core::f32::consts::TAU);
                let c = *q + p(cos(a), sin(a)) * (rng.range(10.0, 28.0) * unit);
                self.canvas.fill(
                    &Outline::ellipse(c, 15.0 * unit, 5.4 * unit, a),
                    PIXELS,
                    Rgb::hex("#7f9a76").shift(rng.range(-0.09, 0.07), 1.0),
                    0.95,
                );
            }
        }
        for (i, q) in spots.iter().enumerate() {
            if i % 2 == 0 {
                let offset = p(rng.range(-9.0, 9.0), rng.range(-9.0, 9.0)) * unit;
                let colour = rng.pick(&petals).unwrap_or(design.palette.accent);
                self.bloom(*q + offset, rng.range(13.0, 24.0) * unit, colour);
            }
        }
    }

    pub(super) fn pedestal(&mut self, design: &Design) {
        let stone = Rgb::hex("#ece6dc");
        self.shadow_on_floor(188.0, 70.0, 74.0);
        self.box_shape(134.0, 242.0, 74.0, 96.0, stone);
        self.box_shape(148.0, 228.0, 96.0, 312.0, stone);
        for x in [162.0, 176.0, 190.0, 204.0, 217.0] {
            self.line(&[(x, 100.0), (x, 200.0), (x, 308.0)], 1.6, stone.shift(-0.16, 1.0));
        }
        self.box_shape(136.0, 240.0, 312.0, 332.0, stone);
        self.blob(
            &[(164.0, 334.0), (150.0, 376.0), (172.0, 410.0), (204.0, 410.0), (226.0, 376.0), (212.0, 334.0)],
            design.palette.second.mix(Rgb([1.0; 3]), 0.35),
        );
        let mut rng = design.rng("vase");
        let unit = self.unit();
        for i in 0..16 {
            let a = -1.3 + i as f32 * 0.173;
            let length = rng.range(90.0, 190.0);
            let tip = self.at(188.0 + sin(a) * length, 408.0 + cos(a) * length);
            let root = self.at(188.0, 404.0);
            draw_line(
                self.canvas,
                PIXELS,
                &[root, root.lerp(tip, 0.5) + p(0.0, -8.0 * unit), tip],
                Pen::even(Rgb::hex("#6f8a63"), 2.6 * unit),
            );
            let colour = rng
                .pick(&[
                    Rgb::hex("#fbf3ec"),
                    design.palette.accent.mix(Rgb::hex("#f8e2dc"), 0.5),
                    design.palette.main.mix(Rgb::hex("#fbeee8"), 0.6),
                ])
                .unwrap_or(stone);
            self.bloom(tip, rng.range(15.0, 25.0) * unit, colour);
        }
        let curtain = design.palette.accent.shift(-0.06, 0.9);
        for i in 0..7 {
            let x = -206.0 - i as f32 * 26.0;
            let strip = smooth(
                &self.map(&[
                    (x, 1100.0),
                    (x + 8.0, 600.0),
                    (x, 112.0),
                    (x - 28.0, 112.0),
                    (x - 22.0, 600.0),
                    (x - 28.0, 1100.0),
                ]),
                false,
                8,
            );
            self.solid(strip, curtain.shift(if i % 2 == 0 { 0.03 } else { -0.04 }, 1.0));
        }
    }

    pub(super) fn lanterns(&mut self, design: &Design) {
        let unit = self.unit();
        let colours = [Rgb::hex("#d8452f"), Rgb::hex("#f3e4c4"), design.palette.accent];
        let rope: Vec<P> =
            (-14..=14).map(|i| i as f32 * 40.0).map(|x| self.stage.at(x, 1000.0 + 0.00022 * x * x)).collect();
        for pair in rope.windows(2) {
            draw_line(self.canvas, PIXELS, pair, Pen::even(Rgb::hex("#4c3a30"), 3.0 * unit));
        }
        for i in -6..=6 {
            let x = i as f32 * 96.0 + 40.0;
            let up = 944.0 + 0.00022 * x * x - if i % 2 == 0 { 0.0 } else { 26.0 };
            let colour = colours.get((i + 6) as usize % 3).copied().unwrap_or(design.palette.accent);
            let (q, rx, ry) = (self.stage.at(x, up), 32.0 * unit, 39.0 * unit);
            let body = Outline::ellipse(q, rx, ry, 0.0);
            let patch = body.cover(PIXELS, self.canvas.width, self.canvas.height);
            self.canvas.glow(&patch, 22.0 * unit, colour.mix(Rgb([1.0, 0.85, 0.55]), 0.6), 0.75);
            self.canvas.fill_gradient(
                &body,
                PIXELS,
                (q + p(0.0, -ry * 0.3), colour.mix(Rgb([1.0, 0.92, 0.70]), 0.45), 1.0),
                (q + p(rx, ry), colour.shift(-0.06, 1.0), 1.0),
            );
            for k in -3..=3 {
                let dy = k as f32 * ry * 0.25;
                let half = rx * (1.0 - (dy / ry) * (dy / ry)).max(0.0).sqrt();
                draw_line(
                    self.canvas,
                    PIXELS,
                    &[q + p(-half, dy), q + p(0.0, dy + 2.6 * unit), q + p(half, dy)],
                    Pen::tapered(colour.ink(), 1.2 * unit).faint(0.45),
                );
            }
            for dy in [-ry, ry] {
                let cap =
                    Outline::rectangle(q.x - rx * 0.42, q.y + dy - 5.0 * unit, q.x + rx * 0.42, q.y + dy + 5.0 * unit);
                self.canvas.fill(&cap, PIXELS, Rgb::hex("#33261f"), 1.0);
            }
        }
        self.shadow_on_floor(180.0, 76.0, 70.0);
        self.box_shape(170.0, 178.0, 84.0, 560.0, Rgb::hex("#8c6a48"));
        let banner = smooth(
            &self.map(&[
                (178.0, 548.0),
                (248.0, 544.0),
                (244.0, 400.0),
                (250.0, 268.0),
                (178.0, 272.0),
                (181.0, 400.0),
            ]),
            false,
            8,
        );
        self.solid(banner, design.palette.accent.mix(Rgb::hex("#d8452f"), 0.3));
        self.round(213.0, 420.0, 24.0, 24.0, Rgb::hex("#f6ecd8"));
    }
}
