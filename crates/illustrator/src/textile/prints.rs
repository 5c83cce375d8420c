//! Printed motifs.

use super::texel::{Inks, Texel};
use crate::colour::Rgb;
use crate::noise;
use crate::scalar::{cos, fract, sin, smoothstep};
use core::f32::consts::TAU;

/// Offset from a centre, wrapped so that the tile repeats.
fn around(x: f32, y: f32, cx: f32, cy: f32) -> (f32, f32) {
    (fract(x - cx + 0.5) - 0.5, fract(y - cy + 0.5) - 0.5)
}

fn leaf_green(inks: &Inks) -> Rgb {
    let target = if inks.base.lightness() > 0.55 { "#5e7a52" } else { "#a9bd8c" };
    Rgb::hex(target).mix(inks.base, 0.18)
}

/// Petal colours that stand out from the ground.
fn petals(inks: &Inks) -> (Rgb, Rgb) {
    let far = |c: Rgb| (c.lightness() - inks.base.lightness()).abs();
    let (mut a, mut b) = (inks.second, inks.accent);
    if far(a) < 0.15 {
        a = if inks.base.lightness() > 0.55 { a.shift(-0.28, 1.3) } else { a.at_lightness(0.88) };
    }
    if far(b) < 0.12 {
        b = if inks.base.lightness() > 0.55 { b.shift(-0.25, 1.2) } else { b.at_lightness(0.80) };
    }
    (a, b)
}

pub(super) fn dots(inks: &Inks, x: f32, y: f32) -> Texel {
    let inside = [(0.25, 0.25), (0.75, 0.75)].into_iter().any(|(cx, cy)| {
        let (dx, dy) = around(x, y, cx, cy);
        dx * dx + dy * dy < 0.155 * 0.155
    });
    let dot = if (inks.second.lightness() - inks.base.lightness()).abs() > 0.15 { inks.second } else { petals(inks).0 };
    Texel::flat(if inside { dot } else { inks.base })
}

struct Flower {
    x: f32,
    y: f32,
    size: f32,
    turn: f32,
    petals: f32,
}

/// The flower's colour at an offset, if it covers it.
fn flower(f: &Flower, x: f32, y: f32, petal: Rgb, heart: Rgb) -> Option<Rgb> {
    let (dx, dy) = around(x, y, f.x, f.y);
    let d = (dx * dx + dy * dy).sqrt() / f.size;
    if d > 1.0 {
        return None;
    }
    let angle = libm::atan2f(dy, dx) + f.turn;
    let lobe = cos(angle * f.petals);
    let edge = 0.72 + 0.28 * lobe - 0.10 * smoothstep(0.93, 1.0, lobe);
    if d < 0.20 {
        return Some(heart.shift(-0.06 * smoothstep(0.1, 0.2, d), 1.0));
    }
    if d > edge {
        return None;
    }
    let vein = if (fract(angle * f.petals / TAU + 0.5) - 0.5).abs() < 0.035 && d < 0.6 { -0.07 } else { 0.0 };
    Some(petal.shift(vein + 0.10 * (d / edge - 0.6) - 0.05 * (1.0 - lobe), 1.0))
}

fn leaf(x: f32, y: f32, cx: f32, cy: f32, length: f32, turn: f32) -> Option<f32> {
    let (dx, dy) = around(x, y, cx, cy);
    let (c, s) = (cos(turn), sin(turn));
    let (along, side) = ((dx * c + dy * s) / length, (-dx * s + dy * c) / length);
    if !(0.0..1.0).contains(&along) {
        return None;
    }
    let half = 0.26 * sin(along * core::f32::consts::PI) * (1.15 - 0.4 * along);
    (side.abs() < half).then(|| {
        if side.abs() < 0.022 {
            -0.09
        } else if side > 0.0 {
            0.03
        } else {
            -0.02
        }
    })
}

/// Small scattered flowers.
pub(super) fn ditsy(inks: &Inks, x: f32, y: f32) -> Texel {
    let (a, b) = petals(inks);
    let spots = [
        (0.18, 0.22, 0.3),
        (0.66, 0.12, 1.9),
        (0.42, 0.56, 4.1),
        (0.88, 0.50, 2.7),
        (0.14, 0.80, 5.2),
        (0.64, 0.86, 0.9),
    ];
    for (i, (fx, fy, turn)) in spots.into_iter().enumerate() {
        let (petal, heart) = if i % 2 == 0 { (a, b) } else { (b, a) };
        let f = Flower { x: fx, y: fy, size: 0.095, turn, petals: 5.0 };
        if let Some(colour) = flower(&f, x, y, petal, heart) {
            return Texel::flat(colour);
        }
        for k in 0..2 {
            let angle = turn * 1.7 + k as f32 * 2.4;
            if let Some(tone) = leaf(x, y, fx + 0.07 * cos(angle), fy + 0.07 * sin(angle), 0.11, angle) {
                return Texel::flat(leaf_green(inks).shift(tone, 1.0));
            }
        }
    }
    Texel::flat(inks.base)
}

/// Large painted flowers with leaves.
pub(super) fn blossom(inks: &Inks, x: f32, y: f32) -> Texel {
    let (a, b) = petals(inks);
    let flowers = [
        (Flower { x: 0.26, y: 0.28, size: 0.21, turn: 0.4, petals: 5.0 }, a, b),
        (Flower { x: 0.74, y: 0.70, size: 0.23, turn: 1.5, petals: 6.0 }, b, a),
        (Flower { x: 0.78, y: 0.20, size: 0.13, turn: 2.2, petals: 5.0 }, a.mix(b, 0.35), b),
        (Flower { x: 0.24, y: 0.76, size: 0.14, turn: 3.9, petals: 5.0 }, a.mix(b, 0.2), a),
        (Flower { x: 0.50, y: 0.50, size: 0.075, turn: 0.9, petals: 5.0 }, b, a),
    ];
    for (f, petal, heart) in &flowers {
        if let Some(colour) = flower(f, x, y, *petal, *heart) {
            return Texel::flat(colour);
        }
    }
    for (f, _, _) in &flowers {
        for k in 0..3 {
            let angle = f.turn * 2.1 + k as f32 * 2.2;
            let reach = f.size * 0.62;
            if let Some(tone) = leaf(x, y, f.x + reach * cos(angle), f.y + reach * sin(angle), f.size * 1.05, angle) {
                return Texel::flat(leaf_green(inks).shift(tone + 0.06 * (k as f32 - 1.0), 1.0));
            }
        }
    }
    Texel::flat(inks.base)
}

/// Bent drops with rings inside.
pub(super) fn paisley(inks: &Inks, x: f32, y: f32) -> Texel {
    let (a, b) = petals(inks);
    for (cx, cy, flip) in [(0.28, 0.30, 1.0), (0.75, 0.78, -1.0)] {
        let (dx, dy) = around(x, y, cx, cy);
        let (dx, dy) = (dx * flip * 3.7, dy * flip * 4.2);
        let up = (0.35 - dy) * 0.5;
        let bend = if up > 0.0 { up * up * 0.9 } else { 0.0 };
        let width = smoothstep(-1.25, 0.3, dy);
        let d = if width <= 0.02 {
            9.0
        } else {
            let sx = (dx - bend) / width;
            let sy = if dy > 0.0 { dy } else { dy * 0.15 };
            (sx * sx + sy * sy).sqrt() / 0.86
        };
        if d < 1.0 {
            let colour = match d {
                d if d > 0.88 => b,
                d if d > 0.70 => a,
                d if d > 0.60 => inks.base,
                d if d > 0.34 => {
                    if sin(libm::atan2f(dy, dx) * 9.0) > 0.0 {
                        b
                    } else {
                        a
                    }
                }
                d if d > 0.20 => inks.base,
                _ => b,
            };
            return Texel::flat(colour);
        }
        if d < 1.22 && sin(libm::atan2f(dy, dx) * 26.0) > 0.1 && d > 1.08 {
            return Texel::flat(a);
        }
    }
    for (cx, cy) in [(0.75, 0.25), (0.25, 0.75), (0.52, 0.52), (0.02, 0.02)] {
        if let Some(colour) = flower(&Flower { x: cx, y: cy, size: 0.075, turn: 0.3, petals: 6.0 }, x, y, b, a) {
            return Texel::flat(colour);
        }
    }
    Texel::flat(inks.base)
}

/// Leopard: rosettes with a darker middle.
pub(super) fn leopard(inks: &Inks, x: f32, y: f32) -> Texel {
    let ground = inks.base;
    let ink = if ground.lightness() > 0.4 { ground.ink() } else { ground.at_lightness(0.82) };
    let heart = ground.mix(ink, 0.34);
    let cells = 5_i32;
    for j in 0..cells {
        for i in 0..cells {
            let (jx, jy) = (noise::white(i, j, 71) * 0.055, noise::white(i, j, 72) * 0.055);
            let shift = if j % 2 == 0 { 0.0 } else { 0.1 };
            let (dx, dy) = around(x, y, (i as f32 + 0.5) / 5.0 + jx + shift, (j as f32 + 0.5) / 5.0 + jy);
            let angle = libm::atan2f(dy, dx);
            let d = (dx * dx + dy * dy).sqrt() / (0.074 + 0.018 * noise::white(i, j, 73));
            let edge = 1.0 + 0.16 * sin(angle * 3.0 + i as f32) + 0.08 * sin(angle * 5.0 + j as f32);
            if d < edge {
                let gap = sin(angle * 1.5 + noise::white(i, j, 74) * 6.0) > 0.75;
                return Texel::flat(if d > edge * 0.56 && !gap { ink } else { heart });
            }
        }
    }
    Texel::flat(ground)
}

pub(super) fn zebra(inks: &Inks, x: f32, y: f32) -> Texel {
    let warp = 0.34 * sin(TAU * x)
        + 0.16 * sin(TAU * 2.0 * x + 1.1)
        + 0.12 * sin(TAU * (x + y) + 0.4)
        + 0.10 * sin(TAU * (3.0 * x - y));
    let band = sin(TAU * (3.0 * y + warp)) + 0.35 * sin(TAU * (2.0 * x + y));
    let other =
        if (inks.second.lightness() - inks.base.lightness()).abs() > 0.25 { inks.second } else { inks.base.ink() };
    Texel::flat(if band > 0.15 { other } else { inks.base })
}

/// Loose strokes of a wide brush.
pub(super) fn brushstroke(inks: &Inks, x: f32, y: f32) -> Texel {
    let strokes = [
        (0.20, 0.18, 0.4, 0),
        (0.68, 0.34, -0.5, 1),
        (0.34, 0.62, 0.9, 1),
        (0.82, 0.80, 0.2, 0),
        (0.10, 0.88, -0.8, 2),
        (0.52, 0.06, -0.2, 2),
    ];
    let mut colour = inks.base;
    for (i, (cx, cy, turn, which)) in strokes.into_iter().enumerate() {
        let (dx, dy) = around(x, y, cx, cy);
        let (c, s) = (cos(turn), sin(turn));
        let (along, mut side) = (dx * c + dy * s, -dx * s + dy * c);
        side += 0.03 * sin(along * 14.0 + i as f32);
        let bristle = 0.022 * noise::value(along * 5.0, side * 120.0, 40 + i as u32);
        let half_length = 0.19 + bristle * 2.2;
        if along.abs() < half_length && side.abs() < 0.058 + 0.3 * bristle {
            let (a, b) = petals(inks);
            let paint = [a, b, a.mix(b, 0.5)].get(which).copied().unwrap_or(a);
            let streak = 0.07 * noise::value(along * 3.0, side * 90.0, 50 + i as u32);
            colour = paint.shift(streak, 1.0);
        }
    }
    Texel::flat(colour)
}

/// Triangles, half discs and bars on a grid.
pub(super) fn geometric(inks: &Inks, x: f32, y: f32) -> Texel {
    let (a, b) = petals(inks);
    let (i, j) = ((x * 4.0) as i32, (y * 4.0) as i32);
    let (fx, fy) = (fract(x * 4.0), fract(y * 4.0));
    let kind = ((noise::white(i, j, 61) + 1.0) * 3.0) as i32;
    let ink = if (i + j * 2).rem_euclid(3) == 0 { b } else { a };
    let (dx, dy) = (fx - 0.5, fy - 0.5);
    let inside = match kind {
        0 => fx + fy < 1.0,
        1 => dx * dx + (fy - 1.0) * (fy - 1.0) < 0.24,
        2 => dx * dx + dy * dy < 0.14,
        3 => fx < 0.5,
        4 => fx > fy,
        _ => false,
    };
    Texel::flat(if inside { ink } else { inks.base })
}
