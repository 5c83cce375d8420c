//! What stands and hangs in the room for the occasion.

use super::stage::Stage;
use crate::colour::Rgb;
use crate::reading::{Design, Occasion};
use crate::scalar::{cos, sin};
use crate::surface::{Layer, Outline, P, Pen, View, draw_line, p, smooth};

const PIXELS: &View = &View::PIXELS;

/// A brush for props: shapes in drawing units from the figure's feet, `y` upwards.
struct Props<'a> {
    canvas: &'a mut Layer,
    stage: &'a Stage,
    /// Side of the figure on which things stand.
    side: f32,
}

/// Paints the occasion's props.
pub(crate) fn paint(canvas: &mut Layer, design: &Design, stage: &Stage) {
    let mut props = Props { canvas, stage, side: -stage.free_side };
    let accent = design.palette.accent;
    match design.occasion {
        Occasion::Daily => props.plant(165.0),
        Occasion::Office => props.desk(accent),
        Occasion::Party => props.balloons_and_lights(design),
        Occasion::Wedding => props.garland(design),
        Occasion::Travel => props.suitcases(accent, design.palette.second),
        Occasion::Outdoor => props.hills(design),
        Occasion::Date => props.cafe(accent),
        Occasion::Ceremony => props.pedestal(design),
        Occasion::Festival => props.lanterns(design),
        Occasion::Lounge => props.armchair(design.palette.second),
        Occasion::Sports => props.court(accent),
    }
}

impl Props<'_> {
    fn at(&self, x: f32, up: f32) -> P {
        self.stage.at(self.side * x, up)
    }

    fn map(&self, points: &[(f32, f32)]) -> Vec<P> {
        points.iter().map(|(x, up)| self.at(*x, *up)).collect()
    }

    fn unit(&self) -> f32 {
        self.stage.scale
    }

    /// A solid thing with light from the upper left, a cast shadow and an ink edge.
    fn solid(&mut self, points: Vec<P>, colour: Rgb) {
        let (mut low, mut high) = (p(f32::MAX, f32::MAX), p(f32::MIN, f32::MIN));
        for q in &points {
            low = p(low.x.min(q.x), low.y.min(q.y));
            high = p(high.x.max(q.x), high.y.max(q.y));
        }
        let shape = Outline::polygon(&points);
        let patch = shape.cover(PIXELS, self.canvas.width, self.canvas.height);
        let reach = 7.0 * self.unit();
        self.canvas.shade_below(&patch, (reach, reach * 0.7), reach, Rgb([0.45, 0.41, 0.47]), 0.42);
        self.canvas.fill_gradient(
            &shape,
            PIXELS,
            (low, colour.shift(0.07, 1.0), 1.0),
            (high, colour.shift(-0.10, 1.0), 1.0),
        );
        let mut edge = points;
        edge.extend(edge.first().copied());
        let pen = Pen::even(colour.ink(), 1.5 * self.unit()).faint(0.6);
        if edge.len() > 24 {
            draw_line(self.canvas, PIXELS, &edge, pen);
        } else {
            for pair in edge.windows(2) {
                draw_line(self.canvas, PIXELS, pair, pen);
            }
        }
    }

    fn blob(&mut self, points: &[(f32, f32)], colour: Rgb) {
        let points = smooth(&self.map(points), true, 8);
        self.solid(points, colour);
    }

    fn round(&mut self, x: f32, up: f32, rx: f32, ry: f32, colour: Rgb) {
        let points: Vec<(f32, f32)> = (0..28)
            .map(|i| i as f32 / 28.0 * core::f32::consts::TAU)
            .map(|a| (x + rx * cos(a), up + ry * sin(a)))
            .collect();
        let points = self.map(&points);
        self.solid(points, colour);
    }

    fn line(&mut self, points: &[(f32, f32)], width: f32, colour: Rgb) {
        let points = self.map(points);
        draw_line(self.canvas, PIXELS, &points, Pen::even(colour, width * self.unit()));
    }

    fn box_shape(&mut self, x0: f32, x1: f32, up0: f32, up1: f32, colour: Rgb) {
        let points = self.map(&[(x0, up0), (x0, up1), (x1, up1), (x1, up0)]);
        self.solid(points, colour);
    }

    fn shadow_on_floor(&mut self, x: f32, up: f32, rx: f32) {
        let spot = Outline::ellipse(self.at(x, up), rx * self.unit(), rx * 0.16 * self.unit(), 0.0);
        let patch = spot.cover(PIXELS, self.canvas.width, self.canvas.height);
        self.canvas.shade_below(&patch, (0.0, 0.0), 9.0 * self.unit(), Rgb([0.40, 0.36, 0.42]), 0.6);
    }

    fn plant(&mut self, x: f32) {
        self.shadow_on_floor(x, 72.0, 60.0);
        let green = Rgb::hex("#6f8c62");
        for i in 0..9 {
            let a = -1.15 + i as f32 * 0.29;
            let length = 150.0 + 60.0 * sin(i as f32 * 2.2);
            let (tx, ty) = (x + sin(a) * length * 0.9, 150.0 + cos(a) * length * 1.15);
            let (mx, my) = (x + sin(a) * length * 0.34, 150.0 + cos(a) * length * 0.72);
            let w = 15.0;
            let shape = [(x, 146.0), (mx - w, my - w * 0.2), (tx, ty), (mx + w, my + w * 0.2)];
            self.blob(&shape, green.shift(0.06 * sin(i as f32 * 1.7), 1.0));
            self.line(&[(x, 148.0), (mx, my), (tx, ty)], 1.3, green.shift(-0.16, 1.0));
        }
        let pot = self.map(&[(x - 40.0, 152.0), (x - 30.0, 72.0), (x + 30.0, 72.0), (x + 40.0, 152.0)]);
        self.solid(pot, Rgb::hex("#c98a68"));
        self.box_shape(x - 44.0, x + 44.0, 144.0, 160.0, Rgb::hex("#d2977a"));
    }

    fn desk(&mut self, accent: Rgb) {
        self.shadow_on_floor(190.0, 82.0, 120.0);
        let (wood, metal) = (Rgb::hex("#b58d66"), Rgb::hex("#5c5f66"));
        for x in [112.0, 300.0] {
            self.line(&[(x, 84.0), (x + 3.0, 200.0), (x, 330.0)], 5.0, metal);
        }
        self.box_shape(92.0, 380.0, 326.0, 342.0, wood);
        let lid = self.map(&[(150.0, 342.0), (140.0, 424.0), (252.0, 424.0), (262.0, 342.0)]);
        self.solid(lid, Rgb::hex("#aeb3ba"));
        self.box_shape(284.0, 318.0, 342.0, 382.0, accent);
        self.line(&[(120.0, 342.0), (118.0, 420.0), (130.0, 486.0), (158.0, 500.0)], 3.6, metal);
        self.blob(&[(148.0, 512.0), (160.0, 520.0), (186.0, 490.0), (162.0, 476.0), (144.0, 496.0)], metal);
        for i in 0..9 {
            let up = 640.0 + i as f32 * 34.0;
            self.line(&[(70.0, up), (230.0, up), (390.0, up)], 9.0, Rgb([0.98, 0.97, 0.94]));
            self.line(&[(70.0, up - 6.0), (230.0, up - 6.0), (390.0, up - 6.0)], 1.6, Rgb::hex("#a9a49a"));
        }
    }

    fn balloons_and_lights(&mut self, design: &Design) {
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
        let mut dice = design.dice("confetti");
        for _ in 0..60 {
            let q = p(dice.unit() * self.stage.width, dice.unit() * self.stage.height);
            let turn = dice.range(0.0, 3.1);
            let (a, b) =
                (p(cos(turn), sin(turn)) * (6.0 * self.unit()), p(-sin(turn), cos(turn)) * (2.6 * self.unit()));
            let colour = dice.pick(&colours).unwrap_or(design.palette.accent);
            self.canvas.fill(&Outline::polygon(&[q - a - b, q + a - b, q + a + b, q - a + b]), PIXELS, colour, 0.9);
        }
    }

    /// A flower with a leaf, for garlands and vases.
    fn bloom(&mut self, q: P, size: f32, colour: Rgb) {
        for ring in 0..3 {
            let reach = size * (0.62 - 0.24 * ring as f32);
            for i in 0..6 {
                let a = i as f32 * 1.047 + ring as f32 * 0.5;
                let c = q + p(cos(a), sin(a)) * reach;
                let tone = colour.shift(0.045 * ring as f32 - 0.05 - 0.03 * sin(a), 1.0);
                self.canvas.fill(&Outline::ellipse(c, size * 0.44, size * 0.34, a), PIXELS, tone, 1.0);
            }
        }
    }

    fn garland(&mut self, design: &Design) {
        let mut dice = design.dice("garland");
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
                let a = dice.range(0.0, core::f32::consts::TAU);
                let c = *q + p(cos(a), sin(a)) * (dice.range(10.0, 28.0) * unit);
                self.canvas.fill(
                    &Outline::ellipse(c, 15.0 * unit, 5.4 * unit, a),
                    PIXELS,
                    Rgb::hex("#7f9a76").shift(dice.range(-0.09, 0.07), 1.0),
                    0.95,
                );
            }
        }
        for (i, q) in spots.iter().enumerate() {
            if i % 2 == 0 {
                let offset = p(dice.range(-9.0, 9.0), dice.range(-9.0, 9.0)) * unit;
                let colour = dice.pick(&petals).unwrap_or(design.palette.accent);
                self.bloom(*q + offset, dice.range(13.0, 24.0) * unit, colour);
            }
        }
    }

    fn suitcases(&mut self, accent: Rgb, second: Rgb) {
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

    fn hills(&mut self, design: &Design) {
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
        let mut dice = design.dice("grass");
        for _ in 0..110 {
            let q = p(dice.unit() * w, dice.range(self.stage.horizon - 4.0 * unit, self.stage.height));
            let tip = q + p(dice.range(-6.0, 6.0), -dice.range(14.0, 34.0)) * unit;
            let mid = q.lerp(tip, 0.5) + p(dice.range(-3.0, 3.0), 0.0) * unit;
            draw_line(
                self.canvas,
                PIXELS,
                &[q, mid, tip],
                Pen {
                    colour: Rgb::hex("#5f8258").shift(dice.range(-0.06, 0.08), 1.0),
                    opacity: 0.75,
                    width: 3.4 * unit,
                    start: 0.9,
                    end: 0.1,
                },
            );
        }
    }

    fn cafe(&mut self, accent: Rgb) {
        self.shadow_on_floor(182.0, 78.0, 70.0);
        let metal = Rgb::hex("#4b4540");
        self.line(&[(182.0, 84.0), (182.0, 200.0), (182.0, 318.0)], 7.0, metal);
        self.line(&[(140.0, 78.0), (182.0, 96.0), (224.0, 78.0)], 5.0, metal);
        self.round(182.0, 324.0, 92.0, 15.0, Rgb::hex("#efe9df"));
        self.blob(&[(146.0, 356.0), (149.0, 334.0), (172.0, 334.0), (176.0, 356.0)], Rgb::hex("#faf7f1"));
        self.line(&[(208.0, 332.0), (209.0, 370.0), (206.0, 410.0)], 2.4, Rgb::hex("#6d8a60"));
        self.blob(&[(200.0, 366.0), (203.0, 330.0), (215.0, 330.0), (218.0, 366.0)], Rgb::hex("#b9d2d8"));
        let q = self.at(206.0, 420.0);
        self.bloom(q, 17.0 * self.unit(), accent.mix(Rgb::hex("#d9465a"), 0.5));
        self.line(&[(182.0, 1100.0), (182.0, 900.0), (182.0, 742.0)], 2.0, metal);
        let glow = Outline::ellipse(self.at(182.0, 690.0), 66.0 * self.unit(), 50.0 * self.unit(), 0.0).cover(
            PIXELS,
            self.canvas.width,
            self.canvas.height,
        );
        self.canvas.glow(&glow, 40.0 * self.unit(), Rgb([1.0, 0.88, 0.62]), 0.85);
        self.blob(
            &[(120.0, 690.0), (150.0, 738.0), (182.0, 748.0), (214.0, 738.0), (244.0, 690.0), (182.0, 684.0)],
            accent.shift(0.02, 0.9),
        );
    }

    fn pedestal(&mut self, design: &Design) {
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
        let mut dice = design.dice("vase");
        let unit = self.unit();
        for i in 0..16 {
            let a = -1.3 + i as f32 * 0.173;
            let length = dice.range(90.0, 190.0);
            let tip = self.at(188.0 + sin(a) * length, 408.0 + cos(a) * length);
            let root = self.at(188.0, 404.0);
            draw_line(
                self.canvas,
                PIXELS,
                &[root, root.lerp(tip, 0.5) + p(0.0, -8.0 * unit), tip],
                Pen::even(Rgb::hex("#6f8a63"), 2.6 * unit),
            );
            let colour = dice
                .pick(&[
                    Rgb::hex("#fbf3ec"),
                    design.palette.accent.mix(Rgb::hex("#f8e2dc"), 0.5),
                    design.palette.main.mix(Rgb::hex("#fbeee8"), 0.6),
                ])
                .unwrap_or(stone);
            self.bloom(tip, dice.range(15.0, 25.0) * unit, colour);
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

    fn lanterns(&mut self, design: &Design) {
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

    fn armchair(&mut self, colour: Rgb) {
        let cloth = colour.mix(Rgb::hex("#c9a98a"), 0.45).shift(-0.06, 1.0);
        let rug = Outline::ellipse(self.at(40.0, 40.0), 330.0 * self.unit(), 46.0 * self.unit(), 0.0);
        self.canvas.fill(&rug, PIXELS, cloth.shift(0.13, 0.8), 0.85);
        self.line(&[(322.0, 96.0), (322.0, 400.0), (322.0, 690.0)], 4.6, Rgb::hex("#6b533d"));
        let glow = Outline::ellipse(self.at(322.0, 700.0), 70.0 * self.unit(), 60.0 * self.unit(), 0.0).cover(
            PIXELS,
            self.canvas.width,
            self.canvas.height,
        );
        self.canvas.glow(&glow, 46.0 * self.unit(), Rgb([1.0, 0.90, 0.66]), 0.85);
        let shade = self.map(&[(276.0, 680.0), (294.0, 772.0), (350.0, 772.0), (368.0, 680.0)]);
        self.solid(shade, Rgb::hex("#f6e8c8"));
        self.shadow_on_floor(198.0, 72.0, 150.0);
        for x in [110.0, 290.0] {
            self.line(&[(x, 72.0), (x, 110.0)], 8.0, Rgb::hex("#6b4a30"));
        }
        self.blob(
            &[
                (112.0, 220.0),
                (112.0, 420.0),
                (140.0, 472.0),
                (200.0, 482.0),
                (262.0, 472.0),
                (290.0, 420.0),
                (290.0, 220.0),
                (200.0, 200.0),
            ],
            cloth.shift(0.03, 1.0),
        );
        self.blob(
            &[(104.0, 104.0), (104.0, 216.0), (200.0, 236.0), (300.0, 216.0), (298.0, 104.0), (200.0, 98.0)],
            cloth,
        );
        self.blob(
            &[(78.0, 110.0), (74.0, 276.0), (98.0, 296.0), (122.0, 276.0), (122.0, 110.0)],
            cloth.shift(0.05, 1.0),
        );
        self.blob(
            &[(282.0, 110.0), (282.0, 276.0), (306.0, 296.0), (330.0, 276.0), (328.0, 110.0)],
            cloth.shift(-0.02, 1.0),
        );
        self.blob(
            &[(150.0, 236.0), (146.0, 330.0), (200.0, 340.0), (250.0, 330.0), (246.0, 238.0)],
            colour.shift(0.08, 1.1),
        );
    }

    fn court(&mut self, accent: Rgb) {
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
