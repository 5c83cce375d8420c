//! Rooms that keep still: minimal, elegant, romantic, natural.

use super::room::Room;
use super::room::{PIXELS, wall_above};
use crate::colour::Rgb;
use crate::noise;
use crate::reading::design::Design;
use crate::scalar::{cos, sin, smoothstep};
use crate::scene::stage::Stage;
use crate::surface::geometry::{P, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;

pub(in crate::scene) fn minimal(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let disc = Outline::ellipse(stage.at(stage.free_side * 70.0, 560.0), 250.0 * stage.scale, 250.0 * stage.scale, 0.0);
    let tone = room.wall.mix(design.palette.second, 0.30).shift(0.02, 0.9);
    canvas.fill_gradient(
        &disc,
        PIXELS,
        (stage.at(-150.0, 760.0), tone.shift(0.05, 1.0), 0.9),
        (stage.at(200.0, 330.0), tone, 0.25),
    );
    let line = [
        stage.at(-stage.free_side * 190.0, 130.0),
        stage.at(-stage.free_side * 190.0, 500.0),
        stage.at(-stage.free_side * 190.0, 880.0),
    ];
    draw_line(canvas, PIXELS, &line, Pen::even(room.wall.shift(-0.22, 1.0), 1.6 * stage.scale).faint(0.6));
}

pub(in crate::scene) fn elegant(canvas: &mut Layer, stage: &Stage, room: &Room) {
    let line = room.wall.shift(-0.17, 1.0);
    let light = room.wall.shift(0.08, 0.9);
    for k in -4..=4 {
        let x = k as f32 * 430.0;
        if k == 0 {
            continue;
        }
        for (x0, x1, y0, y1) in [(x - 150.0, x + 150.0, 230.0, 930.0), (x - 138.0, x + 138.0, 242.0, 918.0)] {
            let frame = [stage.at(x0, y0), stage.at(x0, y1), stage.at(x1, y1), stage.at(x1, y0), stage.at(x0, y0)];
            for pair in frame.windows(2) {
                let shifted: Vec<P> = pair.iter().map(|q| *q + p(1.6, 1.6) * stage.scale).collect();
                draw_line(canvas, PIXELS, &shifted, Pen::even(light, 2.2 * stage.scale).faint(0.8));
                draw_line(canvas, PIXELS, pair, Pen::even(line, 1.8 * stage.scale).faint(0.7));
            }
        }
    }
    let base = stage.at(0.0, 118.0).y;
    let top = stage.at(0.0, 985.0).y;
    let outer = Outline::arch(stage.feet.x, top - 16.0 * stage.scale, base, 206.0 * stage.scale);
    canvas.fill_gradient(
        &outer,
        PIXELS,
        (stage.at(-200.0, 900.0), light, 1.0),
        (stage.at(200.0, 200.0), room.wall.shift(-0.04, 1.0), 1.0),
    );
    let inner = Outline::arch(stage.feet.x, top, base, 188.0 * stage.scale);
    let deep = room.mood[1].mix(room.wall, 0.35);
    canvas.fill_gradient(
        &inner,
        PIXELS,
        (stage.at(-190.0, 700.0), deep.shift(-0.10, 1.0), 1.0),
        (stage.at(150.0, 500.0), deep.shift(0.05, 1.0), 1.0),
    );
    let mut edge = inner.cover(PIXELS, canvas.width, canvas.height);
    let shifted =
        Outline::arch(stage.feet.x + 26.0 * stage.scale, top + 26.0 * stage.scale, base + 60.0, 188.0 * stage.scale);
    edge.subtract(&shifted.cover(PIXELS, canvas.width, canvas.height));
    canvas.shade_below(&edge, (0.0, 0.0), 9.0 * stage.scale, Rgb([0.35, 0.30, 0.30]), 0.45);
}

pub(in crate::scene) fn romantic(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let (w, scale) = (stage.width, stage.scale);
    let wall = Outline::rectangle(0.0, 0.0, w, stage.horizon + 30.0 * scale).cover(PIXELS, canvas.width, canvas.height);
    let cloth = room.mood[0].mix(Rgb([1.0, 0.98, 0.97]), 0.35);
    canvas.paint(&wall, |x, y| {
        let side = ((x - stage.feet.x).abs() / scale - 205.0 + 26.0 * sin(y / scale * 0.004 + 1.0)).max(0.0);
        if side <= 0.0 {
            return (cloth, 0.0);
        }
        let fold = sin(x / scale * 0.105 + 0.8 * sin(y / scale * 0.006)) + 0.5 * sin(x / scale * 0.23 + 1.0);
        (cloth.shift(0.035 * fold - 0.03, 1.0), smoothstep(0.0, 14.0, side) * 0.88)
    });
    let mut rng = design.rng("bokeh");
    for _ in 0..26 {
        let q = p(rng.unit() * w, rng.unit() * stage.horizon);
        let r = rng.range(10.0, 44.0) * scale;
        let colour = rng.pick(&[room.mood[1], Rgb([1.0, 0.97, 0.95]), room.mood[0]]).unwrap_or(room.wall);
        let disc = Outline::ellipse(q, r, r, 0.0).cover(PIXELS, canvas.width, canvas.height);
        canvas.glow(&disc, 3.0 * scale, colour, rng.range(0.12, 0.34));
    }
}

pub(in crate::scene) fn natural(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let base = stage.at(0.0, 118.0).y;
    let arch = Outline::arch(
        stage.feet.x + stage.free_side * 20.0 * stage.scale,
        stage.at(0.0, 960.0).y,
        base,
        210.0 * stage.scale,
    );
    let tone = room.mood[1].mix(room.wall, 0.45);
    canvas.fill_gradient(
        &arch,
        PIXELS,
        (stage.at(-200.0, 900.0), tone.shift(0.06, 0.9), 0.95),
        (stage.at(220.0, 200.0), tone.shift(-0.02, 1.0), 0.95),
    );
    let plaster = wall_above(stage).cover(PIXELS, canvas.width, canvas.height);
    let scale = stage.scale;
    canvas.paint(&plaster, |x, y| {
        let n = noise::fractal(x / scale * 0.03, y / scale * 0.05, 4, 31);
        (if n > 0.0 { Rgb([1.0, 0.99, 0.96]) } else { Rgb([0.40, 0.36, 0.28]) }, n.abs() * 0.10)
    });
    branches(canvas, design, stage, Rgb([0.40, 0.41, 0.32]), 0.30);
}

/// The shadow of a branch with leaves, falling in from the upper corner.
fn branches(canvas: &mut Layer, design: &Design, stage: &Stage, tint: Rgb, strength: f32) {
    let mut rng = design.rng("branches");
    let s = -stage.free_side;
    let mut shade = Outline::default();
    for k in 0..4 {
        let start = stage.at(s * 330.0, 1010.0 - k as f32 * 150.0);
        let end = stage.at(s * rng.range(20.0, 110.0), 800.0 - k as f32 * 120.0);
        let bow = p(0.0, rng.range(-40.0, 60.0) * stage.scale);
        for i in 0..14 {
            let t = i as f32 / 13.0;
            let q = start.lerp(end, t) + bow * (4.0 * t * (1.0 - t));
            let angle = rng.range(-0.4, 0.4)
                + if i % 2 == 0 { 0.9 } else { -0.7 }
                + if s > 0.0 { core::f32::consts::PI } else { 0.0 };
            let length = rng.range(20.0, 40.0) * stage.scale;
            let tip = p(cos(angle), sin(angle)) * length;
            let side = tip.normal() * (length * 0.24);
            shade = shade.joined(Outline::blob(&[q, q + tip * 0.5 + side, q + tip, q + tip * 0.5 - side]));
        }
    }
    let patch = shade.cover(PIXELS, canvas.width, canvas.height);
    canvas.shade_below(&patch, (0.0, 0.0), 4.0 * stage.scale, tint, strength);
}
