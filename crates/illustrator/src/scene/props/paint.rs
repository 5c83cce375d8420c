//! The brush for props, and the choice of them by occasion.

use crate::colour::Rgb;
use crate::reading::answers::Occasion;
use crate::reading::design::Design;
use crate::scalar::{cos, sin};
use crate::scene::stage::Stage;
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::{Outline, smooth};

pub(super) const PIXELS: &View = &View::PIXELS;

/// A brush for props: shapes in drawing units from the figure's feet, `y` upwards.
pub(super) struct Props<'a> {
    pub(super) canvas: &'a mut Layer,
    pub(super) stage: &'a Stage,
    /// Side of the figure on which things stand.
    pub(super) side: f32,
}

/// Paints the occasion's props.
pub(crate) fn paint(canvas: &mut Layer, design: &Design, stage: &Stage) {
    let mut props = Props { canvas, stage, side: -stage.free_side };
    let accent = design.palette.accent;
    match design.occasion {
        Occasion::Daily => props.plant(165.0),
        Occasion::Office => props.fixture(accent),
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
    pub(super) fn at(&self, x: f32, up: f32) -> P {
        self.stage.at(self.side * x, up)
    }

    pub(super) fn map(&self, points: &[(f32, f32)]) -> Vec<P> {
        points.iter().map(|(x, up)| self.at(*x, *up)).collect()
    }

    pub(super) fn unit(&self) -> f32 {
        self.stage.scale
    }

    /// A solid thing with light from the upper left, a cast shadow and an ink edge.
    pub(super) fn solid(&mut self, points: Vec<P>, colour: Rgb) {
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

    pub(super) fn blob(&mut self, points: &[(f32, f32)], colour: Rgb) {
        let points = smooth(&self.map(points), true, 8);
        self.solid(points, colour);
    }

    pub(super) fn round(&mut self, x: f32, up: f32, rx: f32, ry: f32, colour: Rgb) {
        let points: Vec<(f32, f32)> = (0..28)
            .map(|i| i as f32 / 28.0 * core::f32::consts::TAU)
            .map(|a| (x + rx * cos(a), up + ry * sin(a)))
            .collect();
        let points = self.map(&points);
        self.solid(points, colour);
    }

    pub(super) fn line(&mut self, points: &[(f32, f32)], width: f32, colour: Rgb) {
        let points = self.map(points);
        draw_line(self.canvas, PIXELS, &points, Pen::even(colour, width * self.unit()));
    }

    pub(super) fn box_shape(&mut self, x0: f32, x1: f32, up0: f32, up1: f32, colour: Rgb) {
        let points = self.map(&[(x0, up0), (x0, up1), (x1, up1), (x1, up0)]);
        self.solid(points, colour);
    }

    pub(super) fn shadow_on_floor(&mut self, x: f32, up: f32, rx: f32) {
        let spot = Outline::ellipse(self.at(x, up), rx * self.unit(), rx * 0.16 * self.unit(), 0.0);
        let patch = spot.cover(PIXELS, self.canvas.width, self.canvas.height);
        self.canvas.shade_below(&patch, (0.0, 0.0), 9.0 * self.unit(), Rgb([0.40, 0.36, 0.42]), 0.6);
    }

    /// A flower with a leaf, for garlands and vases.
    pub(super) fn bloom(&mut self, q: P, size: f32, colour: Rgb) {
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
}
