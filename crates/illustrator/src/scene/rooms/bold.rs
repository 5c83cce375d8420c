//! Rooms that call out: street, avant-garde, sporty, edgy, pop.

use super::room::Room;
use super::room::{PIXELS, ring_shadow, wall_above};
use crate::colour::Rgb;
use crate::noise;
use crate::reading::design::Design;
use crate::scalar::{fract, smoothstep};
use crate::scene::stage::Stage;
use crate::surface::geometry::p;
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::{Outline, smooth};

pub(in crate::scene) fn street(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let wall = wall_above(stage).cover(PIXELS, canvas.width, canvas.height);
    let (unit_x, unit_y) = (330.0 * stage.scale, 250.0 * stage.scale);
    let (ox, scale) = (stage.feet.x - 165.0 * stage.scale, stage.scale);
    canvas.paint(&wall, |x, y| {
        let (u, v) = (fract((x - ox) / unit_x), fract((stage.horizon - y) / unit_y));
        let seam = u.min(1.0 - u) * unit_x < 1.3 * scale || v.min(1.0 - v) * unit_y < 1.3 * scale;
        let (hx, hy) = ((fract(u * 2.0) - 0.5) * unit_x * 0.5, (fract(v * 2.0) - 0.5) * unit_y * 0.5);
        let hole = hx * hx + hy * hy < 34.0 * scale * scale;
        let stain = noise::fractal(x / scale * 0.012, y / scale * 0.012, 4, 77);
        let grain = noise::value(x / scale * 0.5, y / scale * 0.5, 78);
        let tone = room.mood[0].mix(room.wall, 0.55).shift(0.0, 0.8);
        let shade = 0.06 * stain + 0.02 * grain - if seam { 0.16 } else { 0.0 } - if hole { 0.12 } else { 0.0 };
        (tone.mix(if shade > 0.0 { Rgb([1.0; 3]) } else { Rgb([0.12; 3]) }, shade.abs()), 0.85)
    });
    let s = stage.free_side;
    let block = Outline::polygon(&[
        stage.at(s * 40.0, 118.0),
        stage.at(s * 330.0, 118.0),
        stage.at(s * 470.0, 700.0),
        stage.at(s * 180.0, 700.0),
    ]);
    canvas.fill(&block, PIXELS, design.palette.accent.mix(room.mood[2], 0.4), 0.62);
    let shaft = Outline::polygon(&[
        stage.at(-520.0, 1200.0),
        stage.at(-330.0, 1200.0),
        stage.at(240.0, 118.0),
        stage.at(-60.0, 118.0),
    ]);
    let patch = shaft.cover(PIXELS, canvas.width, canvas.height);
    canvas.glow(&patch, 6.0 * stage.scale, Rgb([1.0, 0.97, 0.90]), 0.22);
}

pub(in crate::scene) fn avant_garde(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let s = stage.free_side;
    let red = room.mood[1].mix(design.palette.accent, 0.35);
    let black = room.mood[2].mix(design.palette.main.ink(), 0.3);
    let slab = Outline::polygon(&[
        stage.at(-s * 260.0, 118.0),
        stage.at(-s * 60.0, 118.0),
        stage.at(-s * 10.0, 1060.0),
        stage.at(-s * 360.0, 1060.0),
    ]);
    canvas.fill_gradient(
        &slab,
        PIXELS,
        (stage.at(-200.0, 900.0), black.shift(0.16, 1.0), 0.94),
        (stage.at(100.0, 120.0), black, 0.94),
    );
    let disc = Outline::ellipse(stage.at(s * 112.0, 690.0), 178.0 * stage.scale, 178.0 * stage.scale, 0.0);
    ring_shadow(canvas, &disc, stage, 0.5);
    canvas.fill_gradient(
        &disc,
        PIXELS,
        (stage.at(0.0, 860.0), red.shift(0.05, 1.0), 1.0),
        (stage.at(220.0, 520.0), red.shift(-0.07, 1.0), 1.0),
    );
    let wedge = Outline::polygon(&[stage.at(s * 40.0, 118.0), stage.at(s * 300.0, 118.0), stage.at(s * 250.0, 470.0)]);
    ring_shadow(canvas, &wedge, stage, 0.4);
    canvas.fill(&wedge, PIXELS, design.palette.second.mix(room.wall, 0.3), 1.0);
    let ring = Outline::ellipse(stage.at(-s * 170.0, 380.0), 92.0 * stage.scale, 92.0 * stage.scale, 0.0)
        .with_hole(Outline::ellipse(stage.at(-s * 170.0, 380.0), 70.0 * stage.scale, 70.0 * stage.scale, 0.0));
    canvas.fill(&ring, PIXELS, room.wall.shift(0.05, 1.0), 0.95);
    for i in 0..5 {
        let x = s * (210.0 + i as f32 * 13.0);
        draw_line(
            canvas,
            PIXELS,
            &[stage.at(x, 560.0), stage.at(x + s * 40.0, 980.0)],
            Pen::even(black, 2.6 * stage.scale),
        );
    }
}

pub(in crate::scene) fn sporty(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let colours = [
        room.mood[1].mix(room.wall, 0.25),
        design.palette.accent.mix(room.wall, 0.15),
        room.mood[2].mix(room.wall, 0.2),
        Rgb([0.98, 0.98, 0.97]),
    ];
    let s = stage.free_side;
    for (i, (x, width)) in [(-150.0, 120.0), (-6.0, 34.0), (52.0, 190.0), (270.0, 22.0)].into_iter().enumerate() {
        let band = Outline::polygon(&[
            stage.at(s * x - 240.0, 118.0),
            stage.at(s * x - 240.0 + width, 118.0),
            stage.at(s * x + 220.0 + width, 1400.0),
            stage.at(s * x + 220.0, 1400.0),
        ]);
        let colour = colours.get(i).copied().unwrap_or(room.wall);
        canvas.fill_gradient(
            &band,
            PIXELS,
            (stage.at(0.0, 118.0), colour, 0.75),
            (stage.at(0.0, 1000.0), colour.shift(0.06, 1.0), 0.40),
        );
    }
    for k in -6..=6 {
        let x = k as f32 * 170.0;
        let lane = [stage.at(x * 0.8, 118.0), stage.at(x * 1.5, -20.0), stage.at(x * 2.0, -120.0)];
        draw_line(canvas, PIXELS, &lane, Pen::even(Rgb([0.98; 3]), 4.5 * stage.scale).faint(0.75));
    }
}

pub(in crate::scene) fn edgy(canvas: &mut Layer, design: &Design, stage: &Stage) {
    let neon = design.palette.accent.shift(0.16, 1.5);
    let other = design.palette.second.shift(0.0, 1.3).at_lightness(0.72);
    let s = stage.free_side;
    for (x, y0, y1, colour) in
        [(s * 185.0, 170.0, 930.0, neon), (s * 232.0, 260.0, 820.0, other), (-s * 214.0, 140.0, 700.0, neon)]
    {
        let tube = Outline::polygon(&smooth(
            &[
                stage.at(x - 4.0, y0),
                stage.at(x + 4.0, y0),
                stage.at(x + 4.0 + s * 26.0, y1),
                stage.at(x - 4.0 + s * 26.0, y1),
            ],
            false,
            4,
        ));
        let patch = tube.cover(PIXELS, canvas.width, canvas.height);
        for (radius, opacity) in [(46.0, 0.85), (16.0, 0.8), (4.0, 0.8)] {
            canvas.glow(&patch, radius * stage.scale, colour, opacity);
        }
        canvas.fill(&tube, PIXELS, colour.mix(Rgb([1.0; 3]), 0.7), 0.95);
    }
    let floor =
        Outline::rectangle(0.0, stage.horizon, stage.width, stage.height).cover(PIXELS, canvas.width, canvas.height);
    let (feet, scale) = (stage.feet, stage.scale);
    canvas.paint(&floor, |x, y| {
        let streak = noise::fractal(x / scale * 0.004, y / scale * 0.12, 3, 15);
        let near = crate::scalar::gaussian((x - feet.x - s * 190.0 * scale) / (150.0 * scale));
        (
            neon,
            (0.22 * near * (1.0 + streak) * (1.0 - (y - stage.horizon) / (stage.height - stage.horizon).max(1.0)))
                .clamp(0.0, 1.0),
        )
    });
    let halo = Outline::ellipse(stage.at(0.0, 560.0), 150.0 * stage.scale, 380.0 * stage.scale, 0.0).cover(
        PIXELS,
        canvas.width,
        canvas.height,
    );
    canvas.glow(&halo, 70.0 * stage.scale, Rgb::hex("#aeb0c4"), 0.52);
}

pub(in crate::scene) fn pop(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let scale = stage.scale;
    let wall = wall_above(stage).cover(PIXELS, canvas.width, canvas.height);
    let field = room.mood[0].mix(room.wall, 0.30);
    canvas.paint(&wall, |x, y| {
        let (u, v) = ((x + y) / scale / 26.0, (x - y) / scale / 26.0);
        let (dx, dy) = (fract(u) - 0.5, fract(v) - 0.5);
        let size = 0.36 * smoothstep(stage.horizon, 0.0, y);
        (if dx * dx + dy * dy < size * size { field.shift(0.07, 0.8) } else { field }, 0.85)
    });
    let colours = [room.mood[1], room.mood[2], design.palette.accent, design.palette.second, Rgb([0.99, 0.98, 0.96])];
    let mut rng = design.rng("pop");
    for i in 0..16 {
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        let q = stage.at(side * rng.range(150.0, 480.0), rng.range(200.0, 1000.0));
        let size = rng.range(18.0, 62.0) * scale;
        let turn = rng.range(0.0, 6.0);
        let colour = colours.get(i % 5).copied().unwrap_or(field);
        let at = |x: f32, y: f32| q + p(x, y).rotate(turn) * size;
        let shape = match i % 5 {
            0 => Outline::ellipse(q, size, size, 0.0),
            1 => Outline::polygon(&[at(-1.0, 0.8), at(1.0, 0.8), at(0.0, -1.0)]),
            2 => Outline::ellipse(q, size, size, 0.0).with_hole(Outline::ellipse(q, size * 0.6, size * 0.6, 0.0)),
            3 => Outline::polygon(&[at(-1.0, -0.25), at(1.0, -0.25), at(1.0, 0.25), at(-1.0, 0.25)]),
            _ => Outline::polygon(&[
                at(-1.4, 0.2),
                at(-0.7, -0.5),
                at(0.0, 0.2),
                at(0.7, -0.5),
                at(1.4, 0.2),
                at(1.4, 0.55),
                at(0.7, -0.15),
                at(0.0, 0.55),
                at(-0.7, -0.15),
                at(-1.4, 0.55),
            ]),
        };
        ring_shadow(canvas, &shape, stage, 0.28);
        canvas.fill(&shape, PIXELS, colour, 0.96);
    }
    let disc = Outline::ellipse(stage.at(0.0, 560.0), 215.0 * scale, 215.0 * scale, 0.0);
    canvas.fill(&disc, PIXELS, room.mood[2].mix(Rgb([1.0; 3]), 0.30), 0.92);
}
