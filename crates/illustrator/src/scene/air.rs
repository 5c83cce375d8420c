//! What the season sends through the air, behind and before the figure.

use super::stage::Stage;
use crate::colour::Rgb;
use crate::reading::answers::Season;
use crate::reading::design::Design;
use crate::rng::Rng;
use crate::scalar::{cos, sin};
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;

const PIXELS: &View = &View::PIXELS;

/// Light on the wall and what drifts behind the figure.
pub(crate) fn behind(canvas: &mut Layer, design: &Design, stage: &Stage) {
    let mut rng = design.rng("air behind");
    match design.season {
        Season::Spring => drift(canvas, stage, &mut rng, 34, petal),
        Season::Summer => sunlight(canvas, stage),
        Season::Autumn => drift(canvas, stage, &mut rng, 24, leaf),
        Season::Winter => snow(canvas, stage, &mut rng, 90, 1.0),
        Season::Rainy => rain(canvas, stage, &mut rng, 120, 0.30),
    }
}

/// The little that passes in front.
pub(crate) fn before(canvas: &mut Layer, design: &Design, stage: &Stage) {
    let mut rng = design.rng("air before");
    match design.season {
        Season::Spring => drift(canvas, stage, &mut rng, 7, petal),
        Season::Summer => {
            let glow = Outline::ellipse(p(0.0, 0.0), stage.width * 0.5, stage.height * 0.35, 0.0).cover(
                PIXELS,
                canvas.width,
                canvas.height,
            );
            canvas.glow(&glow, stage.height * 0.08, Rgb([1.0, 0.95, 0.76]), 0.22);
        }
        Season::Autumn => drift(canvas, stage, &mut rng, 5, leaf),
        Season::Winter => snow(canvas, stage, &mut rng, 26, 1.5),
        Season::Rainy => rain(canvas, stage, &mut rng, 36, 0.34),
    }
}

/// Scatters things away from the face.
fn drift(canvas: &mut Layer, stage: &Stage, rng: &mut Rng, count: usize, draw: fn(&mut Layer, P, f32, f32, &mut Rng)) {
    let area = ((stage.width / stage.scale) * (stage.height / stage.scale) / 720_000.0).clamp(0.6, 3.0);
    for _ in 0..(count as f32 * area) as usize {
        let q = p(rng.unit() * stage.width, rng.unit() * stage.height);
        let near = (q.x - stage.feet.x).abs() < 60.0 * stage.scale
            && q.y < stage.at(0.0, 720.0).y
            && q.y > stage.at(0.0, 930.0).y;
        let (size, turn) = (rng.range(6.0, 13.0) * stage.scale, rng.range(0.0, core::f32::consts::TAU));
        if !near {
            draw(canvas, q, size, turn, rng);
        }
    }
}

fn petal(canvas: &mut Layer, q: P, size: f32, turn: f32, rng: &mut Rng) {
    let at = |x: f32, y: f32| q + p(x, y).rotate(turn) * size;
    let shape = Outline::blob(&[
        at(0.0, 1.0),
        at(-0.6, 0.3),
        at(-0.55, -0.6),
        at(-0.16, -0.95),
        at(0.0, -0.72),
        at(0.16, -0.95),
        at(0.55, -0.6),
        at(0.6, 0.3),
    ]);
    let tone = Rgb::hex("#f5bccb").shift(rng.range(-0.04, 0.05), 1.0);
    canvas.fill_gradient(
        &shape,
        PIXELS,
        (at(0.0, 1.0), tone.shift(-0.07, 1.3), 0.9),
        (at(0.0, -0.9), tone.shift(0.05, 0.8), 0.85),
    );
}

fn leaf(canvas: &mut Layer, q: P, size: f32, turn: f32, rng: &mut Rng) {
    let size = size * 1.25;
    let tone = Rgb::hex(rng.pick(&["#c4622d", "#b23a2c", "#d99a2b", "#8f4a2a"]).unwrap_or("#c4622d"));
    let at = |angle: f32, r: f32| q + p(cos(angle + turn), sin(angle + turn)) * (r * size);
    let mut points = vec![];
    for i in 0..7 {
        let a = -2.25 + i as f32 * 0.75;
        let reach = [0.62, 0.86, 0.98, 1.15, 0.98, 0.86, 0.62].get(i).copied().unwrap_or(0.8);
        points.push(at(a - 0.30, reach * 0.46));
        points.push(at(a, reach));
        points.push(at(a + 0.30, reach * 0.46));
    }
    points.push(at(core::f32::consts::PI, 0.16));
    canvas.fill_gradient(
        &Outline::polygon(&points),
        PIXELS,
        (at(2.0, 1.0), tone.shift(-0.06, 1.0), 0.92),
        (at(-1.0, 1.0), tone.shift(0.07, 1.0), 0.92),
    );
    draw_line(
        canvas,
        PIXELS,
        &[at(core::f32::consts::PI, 0.8), q, at(0.0, 0.95)],
        Pen::tapered(tone.ink(), size * 0.09).faint(0.6),
    );
}

fn snow(canvas: &mut Layer, stage: &Stage, rng: &mut Rng, count: usize, size: f32) {
    let area = ((stage.width / stage.scale) * (stage.height / stage.scale) / 720_000.0).clamp(0.6, 3.0);
    for _ in 0..(count as f32 * area) as usize {
        let q = p(rng.unit() * stage.width, rng.unit() * stage.height);
        let r = rng.range(1.6, 6.0) * size * stage.scale;
        let flake = Outline::ellipse(q, r, r, 0.0).cover(PIXELS, canvas.width, canvas.height);
        canvas.glow(&flake, (r * 0.34).max(1.0), Rgb([1.0; 3]), rng.range(0.45, 0.95));
    }
}

fn rain(canvas: &mut Layer, stage: &Stage, rng: &mut Rng, count: usize, opacity: f32) {
    let area = ((stage.width / stage.scale) * (stage.height / stage.scale) / 720_000.0).clamp(0.6, 3.0);
    for _ in 0..(count as f32 * area) as usize {
        let q = p(rng.unit() * stage.width, rng.unit() * stage.height);
        let length = rng.range(26.0, 70.0) * stage.scale;
        draw_line(
            canvas,
            PIXELS,
            &[q, q + p(length * 0.09, length * 0.5), q + p(length * 0.18, length)],
            Pen::tapered(Rgb::hex("#f2f6fb"), 1.7 * stage.scale).faint(opacity),
        );
    }
    for _ in 0..9 {
        let q = p(rng.unit() * stage.width, rng.range(stage.horizon + 20.0 * stage.scale, stage.height));
        let r = rng.range(14.0, 40.0) * stage.scale;
        let ring = Outline::ellipse(q, r, r * 0.22, 0.0).with_hole(Outline::ellipse(q, r * 0.92, r * 0.18, 0.0));
        canvas.fill(&ring, PIXELS, Rgb([0.97, 0.98, 1.0]), 0.5);
    }
}

/// Bright panes of a window, thrown across wall and floor.
fn sunlight(canvas: &mut Layer, stage: &Stage) {
    let mut panes = Outline::default();
    for row in 0..3 {
        for column in 0..3 {
            let (x, up) = (-300.0 + column as f32 * 150.0, 420.0 + row as f32 * 190.0);
            panes = panes.joined(Outline::polygon(&[
                stage.at(x, up),
                stage.at(x + 132.0, up - 70.0),
                stage.at(x + 132.0, up + 100.0),
                stage.at(x, up + 170.0),
            ]));
        }
    }
    let patch = panes.cover(PIXELS, canvas.width, canvas.height);
    canvas.glow(&patch, 5.0 * stage.scale, Rgb([1.0, 0.97, 0.84]), 0.46);
}
