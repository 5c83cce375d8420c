//! The composition of each mood's room.

use super::backdrop::Room;
use super::stage::Stage;
use crate::colour::Rgb;
use crate::noise;
use crate::reading::Design;
use crate::scalar::{cos, fract, sin, smoothstep};
use crate::surface::{Layer, Outline, P, Pen, View, draw_line, p, smooth};

const PIXELS: &View = &View::PIXELS;

fn wall_above(stage: &Stage) -> Outline {
    Outline::rectangle(0.0, 0.0, stage.width, stage.horizon)
}

fn ring_shadow(canvas: &mut Layer, outline: &Outline, stage: &Stage, strength: f32) {
    let patch = outline.cover(PIXELS, canvas.width, canvas.height);
    let reach = 9.0 * stage.scale;
    canvas.shade_below(&patch, (reach, reach), reach, Rgb([0.5, 0.46, 0.5]), strength);
}

pub(super) fn minimal(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
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

pub(super) fn street(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
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

pub(super) fn elegant(canvas: &mut Layer, stage: &Stage, room: &Room) {
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

pub(super) fn romantic(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
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
    let mut dice = design.dice("bokeh");
    for _ in 0..26 {
        let q = p(dice.unit() * w, dice.unit() * stage.horizon);
        let r = dice.range(10.0, 44.0) * scale;
        let colour = dice.pick(&[room.mood[1], Rgb([1.0, 0.97, 0.95]), room.mood[0]]).unwrap_or(room.wall);
        let disc = Outline::ellipse(q, r, r, 0.0).cover(PIXELS, canvas.width, canvas.height);
        canvas.glow(&disc, 3.0 * scale, colour, dice.range(0.12, 0.34));
    }
}

pub(super) fn avant_garde(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
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

pub(super) fn sporty(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
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

pub(super) fn vintage(canvas: &mut Layer, stage: &Stage, room: &Room) {
    let wall = wall_above(stage).cover(PIXELS, canvas.width, canvas.height);
    let (scale, tone) = (stage.scale, room.wall.mix(room.mood[0], 0.35));
    let print = tone.mix(room.mood[2], 0.32);
    canvas.paint(&wall, |x, y| {
        let (u, v) = ((x - stage.feet.x) / scale / 104.0, y / scale / 132.0);
        let row = v.floor();
        let shift = if (row as i32).rem_euclid(2) == 0 { 0.0 } else { 0.5 };
        let (dx, dy) = (fract(u + shift) - 0.5, fract(v) - 0.5);
        let angle = libm::atan2f(dy, dx);
        let d = (dx * dx + dy * dy * 0.8).sqrt();
        let edge = 0.30 + 0.10 * cos(angle * 4.0) + 0.05 * cos(angle * 8.0);
        let motif = d < edge && d > edge * 0.80 || d < 0.15 + 0.06 * cos(angle * 6.0) && d > 0.05;
        let stripe = (fract(u * 2.0) - 0.5).abs() > 0.475;
        (
            if motif {
                print
            } else if stripe {
                print.mix(tone, 0.5)
            } else {
                tone
            },
            0.9,
        )
    });
    let rail = stage.at(0.0, 330.0).y;
    let wood = room.mood[1].mix(room.wall, 0.30).shift(-0.02, 0.9);
    canvas.fill_gradient(
        &Outline::rectangle(0.0, rail, stage.width, stage.horizon),
        PIXELS,
        (p(0.0, rail), wood.shift(0.04, 1.0), 1.0),
        (p(0.0, stage.horizon), wood.shift(-0.05, 1.0), 1.0),
    );
    for y in [rail, rail + 9.0 * scale, stage.horizon - 22.0 * scale, stage.horizon - 3.0 * scale] {
        draw_line(
            canvas,
            PIXELS,
            &[p(0.0, y), p(stage.width * 0.5, y), p(stage.width, y)],
            Pen::even(wood.shift(-0.18, 1.0), 2.2 * scale).faint(0.8),
        );
        draw_line(
            canvas,
            PIXELS,
            &[p(0.0, y + 2.6 * scale), p(stage.width, y + 2.6 * scale)],
            Pen::even(wood.shift(0.12, 1.0), 1.4 * scale).faint(0.7),
        );
    }
    let mut x = fract(stage.feet.x / (120.0 * scale)) * 120.0 * scale - 120.0 * scale;
    while x < stage.width {
        let panel = [
            p(x + 14.0 * scale, rail + 26.0 * scale),
            p(x + 106.0 * scale, rail + 26.0 * scale),
            p(x + 106.0 * scale, stage.horizon - 38.0 * scale),
            p(x + 14.0 * scale, stage.horizon - 38.0 * scale),
            p(x + 14.0 * scale, rail + 26.0 * scale),
        ];
        for pair in panel.windows(2) {
            draw_line(canvas, PIXELS, pair, Pen::even(wood.shift(-0.15, 1.0), 1.8 * scale).faint(0.7));
        }
        x += 120.0 * scale;
    }
}

pub(super) fn edgy(canvas: &mut Layer, design: &Design, stage: &Stage) {
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
        let near = crate::scalar::bell((x - feet.x - s * 190.0 * scale) / (150.0 * scale));
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

pub(super) fn natural(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
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
    let mut dice = design.dice("branches");
    let s = -stage.free_side;
    let mut shade = Outline::default();
    for k in 0..4 {
        let start = stage.at(s * 330.0, 1010.0 - k as f32 * 150.0);
        let end = stage.at(s * dice.range(20.0, 110.0), 800.0 - k as f32 * 120.0);
        let bow = p(0.0, dice.range(-40.0, 60.0) * stage.scale);
        for i in 0..14 {
            let t = i as f32 / 13.0;
            let q = start.lerp(end, t) + bow * (4.0 * t * (1.0 - t));
            let angle = dice.range(-0.4, 0.4)
                + if i % 2 == 0 { 0.9 } else { -0.7 }
                + if s > 0.0 { core::f32::consts::PI } else { 0.0 };
            let length = dice.range(20.0, 40.0) * stage.scale;
            let tip = p(cos(angle), sin(angle)) * length;
            let side = tip.normal() * (length * 0.24);
            shade = shade.joined(Outline::blob(&[q, q + tip * 0.5 + side, q + tip, q + tip * 0.5 - side]));
        }
    }
    let patch = shade.cover(PIXELS, canvas.width, canvas.height);
    canvas.shade_below(&patch, (0.0, 0.0), 4.0 * stage.scale, tint, strength);
}

pub(super) fn wa(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let scale = stage.scale;
    let gold = room.mood[1].mix(room.mood[0], 0.42);
    let screen = Outline::rectangle(0.0, stage.at(0.0, 1020.0).y, stage.width, stage.at(0.0, 126.0).y).cover(
        PIXELS,
        canvas.width,
        canvas.height,
    );
    canvas.paint(&screen, |x, y| {
        let (u, v) = ((x - stage.feet.x) / scale, (stage.feet.y - y) / scale);
        let leaf = noise::white((u / 58.0).floor() as i32, (v / 58.0).floor() as i32, 5) * 0.05;
        let joint = fract(u / 58.0) < 0.03 || fract(v / 58.0) < 0.03;
        let worn = noise::fractal(u * 0.02, v * 0.02, 4, 6) * 0.10;
        let panel = fract(u / 290.0 + 0.5);
        let fold = (panel - 0.5) * 0.10;
        let lift = leaf + worn + fold + if joint { 0.05 } else { 0.0 };
        let frame = panel.min(1.0 - panel) < 0.010;
        if frame {
            return (Rgb::hex("#4a2f28"), 0.9);
        }
        (
            gold.mix(if lift > 0.0 { Rgb([1.0, 0.96, 0.82]) } else { Rgb([0.35, 0.22, 0.10]) }, lift.abs() * 1.6)
                .mix(room.wall, 0.22),
            0.96,
        )
    });
    let moon = Outline::ellipse(stage.at(stage.free_side * 112.0, 800.0), 118.0 * scale, 118.0 * scale, 0.0);
    let tone = room.mood[2].mix(design.palette.accent, 0.35);
    canvas.fill_gradient(
        &moon,
        PIXELS,
        (stage.at(0.0, 900.0), tone.shift(0.05, 1.0), 0.92),
        (stage.at(100.0, 690.0), tone, 0.80),
    );
    for (x, up, length) in [
        (-190.0, 640.0, 230.0),
        (150.0, 585.0, 260.0),
        (-120.0, 330.0, 200.0),
        (230.0, 300.0, 240.0),
        (10.0, 905.0, 180.0),
    ] {
        let cloud = room.mood[0].mix(room.wall, 0.4).shift(0.04, 0.9);
        for (dx, dy, k) in [(0.0, 0.0, 1.0), (46.0, -21.0, 0.72), (-38.0, 20.0, 0.6)] {
            let (a, b) = (stage.at(x + dx - length * 0.5 * k, up + dy), stage.at(x + dx + length * 0.5 * k, up + dy));
            draw_line(
                canvas,
                PIXELS,
                &[a, a.lerp(b, 0.5), b],
                Pen { colour: cloud, opacity: 0.92, width: 23.0 * scale, start: 0.75, end: 0.75 },
            );
            for q in [a, b] {
                canvas.fill(&Outline::ellipse(q, 10.0 * scale, 9.8 * scale, 0.0), PIXELS, cloud, 0.92);
            }
        }
    }
    let edge = stage.at(0.0, 126.0).y;
    canvas.fill(&Outline::rectangle(0.0, edge, stage.width, stage.horizon), PIXELS, Rgb::hex("#3c2a26"), 0.92);
    draw_line(
        canvas,
        PIXELS,
        &[p(0.0, stage.at(0.0, 34.0).y), p(stage.width, stage.at(0.0, 34.0).y)],
        Pen::even(room.floor.shift(-0.16, 1.0), 3.0 * scale).faint(0.5),
    );
}

pub(super) fn pop(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
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
    let mut dice = design.dice("pop");
    for i in 0..16 {
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        let q = stage.at(side * dice.range(150.0, 480.0), dice.range(200.0, 1000.0));
        let size = dice.range(18.0, 62.0) * scale;
        let turn = dice.range(0.0, 6.0);
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

pub(super) fn bohemian(canvas: &mut Layer, stage: &Stage, room: &Room) {
    let base = stage.at(0.0, 118.0).y;
    let tones = [
        room.mood[1],
        room.mood[0].shift(-0.03, 1.2),
        room.mood[2],
        room.wall.shift(0.04, 1.0),
        room.mood[1].shift(0.10, 0.8),
        room.mood[0].shift(0.05, 0.9),
    ];
    for (i, tone) in tones.into_iter().enumerate() {
        let half = 268.0 - i as f32 * 28.0;
        let arch = Outline::arch(stage.feet.x, stage.at(0.0, 1010.0 - i as f32 * 26.0).y, base, half * stage.scale);
        let tone = tone.mix(room.wall, 0.32);
        canvas.fill_gradient(
            &arch,
            PIXELS,
            (stage.at(-200.0, 900.0), tone.shift(0.03, 1.0), 1.0),
            (stage.at(200.0, 150.0), tone.shift(-0.04, 1.0), 1.0),
        );
    }
    for side in [-1.0_f32, 1.0] {
        for i in 0..9 {
            let root = stage.at(side * (248.0 + (i % 3) as f32 * 9.0), 60.0);
            let tip = stage.at(side * (190.0 + i as f32 * 17.0), 330.0 + ((i * 37) % 120) as f32);
            let mid = root.lerp(tip, 0.6) + p(side * 6.0 * stage.scale, 0.0);
            draw_line(canvas, PIXELS, &[root, mid, tip], Pen::even(Rgb::hex("#b79a6c"), 1.8 * stage.scale));
            for k in 0..16 {
                let t = k as f32 / 16.0;
                let q = mid.lerp(tip, t);
                let spread = (1.0 - t) * 17.0 * stage.scale;
                for s in [-1.0, 1.0] {
                    draw_line(
                        canvas,
                        PIXELS,
                        &[q, q + p(s * spread * 0.5, -9.0 * stage.scale), q + p(s * spread, -14.0 * stage.scale)],
                        Pen::tapered(Rgb::hex("#e3cfa6"), 2.2 * stage.scale).faint(0.8),
                    );
                }
            }
        }
    }
}
