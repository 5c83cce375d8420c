//! Rooms with a past: vintage, wa, bohemian.

use super::room::Room;
use super::room::{PIXELS, wall_above};
use crate::colour::Rgb;
use crate::noise;
use crate::reading::design::Design;
use crate::scalar::{cos, fract};
use crate::scene::stage::Stage;
use crate::surface::geometry::p;
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;

pub(in crate::scene) fn vintage(canvas: &mut Layer, stage: &Stage, room: &Room) {
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

pub(in crate::scene) fn wa(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
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

pub(in crate::scene) fn bohemian(canvas: &mut Layer, stage: &Stage, room: &Room) {
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
