//! What belongs to being on the way and in the open: travel, hills, sports.

use super::paint::{PIXELS, Props};
use crate::colour::Rgb;
use crate::reading::design::Design;
use crate::scalar::sin;
use crate::surface::geometry::p;
use crate::surface::ink::{Pen, draw_line};
use crate::surface::outline::{Outline, smooth};

impl Props<'_> {
    pub(super) fn suitcases(&mut self, accent: Rgb, second: Rgb) {
        self.shadow_on_floor(165.0, 62.0, 84.0);
        self.line(
            &[(136.0, 250.0), (136.0, 330.0), (165.0, 340.0), (194.0, 330.0), (194.0, 250.0)],
            4.4,
            Rgb::hex("#55565c"),
        );
        let case = smooth(
            &self.map(&[
                (100.0, 74.0),
                (98.0, 160.0),
                (104.0, 250.0),
                (165.0, 256.0),
                (226.0, 250.0),
                (232.0, 160.0),
                (230.0, 74.0),
                (165.0, 68.0),
            ]),
            true,
            6,
        );
        self.solid(case, accent);
        for x in [124.0, 145.0, 165.0, 185.0, 206.0] {
            self.line(&[(x, 80.0), (x, 160.0), (x, 244.0)], 1.7, accent.ink());
        }
        for x in [116.0, 214.0] {
            self.round(x, 64.0, 9.0, 9.0, Rgb::hex("#3b3c42"));
        }
        self.box_shape(116.0, 214.0, 258.0, 306.0, second.mix(Rgb::hex("#b98d5c"), 0.5));
        self.line(&[(140.0, 258.0), (140.0, 306.0)], 4.0, Rgb::hex("#6f4c33"));
        self.line(&[(190.0, 258.0), (190.0, 306.0)], 4.0, Rgb::hex("#6f4c33"));
        let frame = self.map(&[(-250.0, 560.0), (-250.0, 900.0), (-110.0, 900.0), (-110.0, 560.0)]);
        self.solid(frame.clone(), Rgb::hex("#bcdcea"));
        let sea = self.map(&[(-250.0, 562.0), (-250.0, 690.0), (-110.0, 690.0), (-110.0, 562.0)]);
        self.canvas.fill(&Outline::polygon(&sea), PIXELS, Rgb::hex("#5f9fb8"), 0.9);
        let mut edge = frame;
        edge.extend(edge.first().copied());
        for pair in edge.windows(2) {
            draw_line(self.canvas, PIXELS, pair, Pen::even(Rgb::hex("#f5f0e6"), 10.0 * self.unit()));
        }
        self.line(&[(-180.0, 560.0), (-180.0, 900.0)], 6.0, Rgb::hex("#f5f0e6"));
    }

    pub(super) fn hills(&mut self, design: &Design) {
        let (w, unit) = (self.stage.width, self.unit());
        let sun = Outline::ellipse(self.at(150.0, 830.0), 62.0 * unit, 62.0 * unit, 0.0).cover(
            PIXELS,
            self.canvas.width,
            self.canvas.height,
        );
        self.canvas.glow(&sun, 5.0 * unit, Rgb([1.0, 0.95, 0.80]), 0.9);
        let tones = [Rgb::hex("#a9bfc0"), Rgb::hex("#8fae98"), Rgb::hex("#73936e")];
        for (i, tone) in tones.into_iter().enumerate() {
            let level = 520.0 - i as f32 * 130.0;
            let mut points = vec![p(0.0, self.stage.horizon + 2.0)];
            for k in 0..=40 {
                let x = w * k as f32 / 40.0;
                let t = (x - self.stage.feet.x) / unit;
                let peak = (90.0 - 22.0 * i as f32)
                    * (sin(t * 0.0072 + i as f32 * 1.9) + 0.45 * sin(t * 0.019 + i as f32 * 4.1));
                points.push(p(x, self.stage.at(0.0, level + peak).y));
            }
            points.push(p(w, self.stage.horizon + 2.0));
            let shape = Outline::polygon(&points);
            self.canvas.fill_gradient(
                &shape,
                PIXELS,
                (self.stage.at(0.0, level + 80.0), tone, 0.80),
                (self.stage.at(0.0, level - 260.0), tone.shift(0.10, 0.8), 0.70),
            );
        }
        let mut rng = design.rng("grass");
        for _ in 0..110 {
            let q = p(rng.unit() * w, rng.range(self.stage.horizon - 4.0 * unit, self.stage.height));
            let tip = q + p(rng.range(-6.0, 6.0), -rng.range(14.0, 34.0)) * unit;
            let mid = q.lerp(tip, 0.5) + p(rng.range(-3.0, 3.0), 0.0) * unit;
            draw_line(
                self.canvas,
                PIXELS,
                &[q, mid, tip],
                Pen {
                    colour: Rgb::hex("#5f8258").shift(rng.range(-0.06, 0.08), 1.0),
                    opacity: 0.75,
                    width: 3.4 * unit,
                    start: 0.9,
                    end: 0.1,
                },
            );
        }
    }

    pub(super) fn court(&mut self, accent: Rgb) {
        let white = Rgb([0.98, 0.98, 0.96]);
        let net = 330.0;
        for i in -14..=14 {
            let x = i as f32 * 34.0;
            let points = [self.stage.at(x, 118.0), self.stage.at(x, net)];
            draw_line(self.canvas, PIXELS, &points, Pen::even(Rgb::hex("#4f5a62"), 1.2 * self.unit()).faint(0.5));
        }
        for k in 0..8 {
            let up = 124.0 + k as f32 * 27.0;
            let points = [p(0.0, self.stage.at(0.0, up).y), p(self.stage.width, self.stage.at(0.0, up).y)];
            draw_line(self.canvas, PIXELS, &points, Pen::even(Rgb::hex("#4f5a62"), 1.2 * self.unit()).faint(0.5));
        }
        let tape = [p(0.0, self.stage.at(0.0, net).y), p(self.stage.width, self.stage.at(0.0, net).y)];
        draw_line(self.canvas, PIXELS, &tape, Pen::even(white, 15.0 * self.unit()));
        for (a, b) in [((-500.0, 96.0), (700.0, 60.0)), ((60.0, 118.0), (-200.0, -60.0))] {
            self.line(&[a, ((a.0 + b.0) * 0.5, (a.1 + b.1) * 0.5), b], 8.0, white);
        }
        for (x, up) in [(130.0, 66.0), (196.0, 84.0), (-150.0, 52.0)] {
            self.shadow_on_floor(x, up - 14.0, 18.0);
            self.round(x, up, 15.0, 15.0, Rgb::hex("#cfe04a"));
            self.line(&[(x - 12.0, up + 8.0), (x, up + 2.0), (x + 12.0, up + 8.0)], 2.0, white);
        }
        let rim = self.at(196.0, 560.0);
        let unit = self.unit();
        let oval = Outline::ellipse(rim, 60.0 * unit, 78.0 * unit, 0.3).with_hole(Outline::ellipse(
            rim,
            52.0 * unit,
            70.0 * unit,
            0.3,
        ));
        let patch = oval.cover(PIXELS, self.canvas.width, self.canvas.height);
        self.canvas.shade_below(&patch, (8.0 * unit, 8.0 * unit), 5.0 * unit, Rgb([0.45; 3]), 0.5);
        self.canvas.fill(&oval, PIXELS, accent, 1.0);
    }
}
