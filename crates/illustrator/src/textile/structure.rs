//! Cloth that is recognised by its relief: lace, knit, quilting, sequins.

use super::texel::{Inks, Texel};
use crate::noise;
use crate::scalar::{cos, fract, mix, sin, smoothstep};
use core::f32::consts::{PI, TAU};

/// Flowers of thread on a net.
pub(super) fn lace(inks: &Inks, x: f32, y: f32) -> Texel {
    let thread =
        inks.base.mix(crate::colour::Rgb([1.0, 0.99, 0.97]), if inks.base.lightness() > 0.5 { 0.25 } else { 0.0 });
    let mut solid = 0.0_f32;
    for (cx, cy, size) in [(0.25, 0.25, 0.23), (0.75, 0.75, 0.23), (0.75, 0.25, 0.11), (0.25, 0.75, 0.11)] {
        let (dx, dy) = (x - cx, y - cy);
        let d = (dx * dx + dy * dy).sqrt() / size;
        let angle = libm::atan2f(dy, dx);
        let edge = 0.74 + 0.26 * cos(angle * 6.0);
        let petal = d < edge && d > 0.2;
        let vein = (d - edge * 0.62).abs() < 0.08;
        if petal && !vein || d < 0.12 {
            solid = 1.0;
        }
    }
    let net = |t: f32| (fract(t * 11.0) - 0.5).abs() > 0.34;
    let mesh = net(x + y) || net(x - y);
    let scallop = (y - 0.5 - 0.05 * sin(x * TAU * 3.0)).abs() < 0.018;
    let alpha = if solid > 0.0 || scallop {
        0.98
    } else if mesh {
        0.82
    } else {
        0.40
    };
    Texel { rgb: thread.0, bump: solid, alpha }
}

/// A braid between ribs of stockinette.
pub(super) fn cable_knit(inks: &Inks, x: f32, y: f32) -> Texel {
    let stitch = |x: f32, y: f32| -> f32 {
        let lean = (fract(x) - 0.5).abs();
        let row = fract(y + lean * 0.9);
        sin(row * PI) * (1.0 - 1.2 * (lean - 0.25).abs())
    };
    let mut bump = 0.55 * stitch(x * 8.0, y * 9.0);
    if x > 0.28 && x < 0.72 {
        let t = (x - 0.5) / 0.22;
        let (a, b) = (0.55 * sin(y * TAU), -0.55 * sin(y * TAU));
        let rope = |c: f32| (1.0 - ((t - c) / 0.52) * ((t - c) / 0.52)).max(0.0).sqrt();
        let over = cos(y * TAU) > 0.0;
        let (front, back) = if over { (rope(a), rope(b)) } else { (rope(b), rope(a)) };
        let twist = 0.25 * sin((y * 9.0 + t * 1.5) * TAU);
        bump = if front > 0.1 { 1.3 * front + twist } else { 0.95 * back + twist * 0.7 };
    } else if !(0.08..0.92).contains(&x) {
        bump = 0.7 * stitch(x * 6.0, y * 9.0) + 0.3;
    } else if !(0.2..0.8).contains(&x) {
        bump = -0.5 + 0.25 * stitch(x * 8.0 + 0.5, y * 9.0);
    }
    let shade = 0.035 * (bump - 0.4);
    Texel::raised(inks.base.shift(shade, 1.0), bump)
}

pub(super) fn corduroy(inks: &Inks, x: f32) -> Texel {
    let rib = sin(x * PI);
    Texel::raised(inks.base.shift(mix(-0.07, 0.02, rib), 1.0), rib * 2.0 - 1.0)
}

/// Stitched diamonds that puff up.
pub(super) fn quilted(inks: &Inks, x: f32, y: f32) -> Texel {
    let (a, b) = (sin((x + y) * PI).abs(), sin((x - y) * PI).abs());
    let puff = (a * b).sqrt();
    let seam = smoothstep(0.0, 0.12, a.min(b));
    Texel::raised(inks.base.shift(mix(-0.10, 0.0, seam), 1.0), puff * 1.4 - 0.7)
}

/// Overlapping discs, each tilted its own way.
pub(super) fn sequins(inks: &Inks, x: f32, y: f32) -> Texel {
    let count = 9.0;
    for back in 0..3 {
        let row = (y * count).floor() + 1.0 - back as f32;
        let shift = if (row as i32).rem_euclid(2) == 0 { 0.0 } else { 0.5 };
        let column = (x * count - shift).round();
        let (dx, dy) = (x * count - shift - column, y * count - row + 0.4);
        let d = (dx * dx + dy * dy).sqrt();
        if d < 0.62 {
            let (i, j) = ((column as i32).rem_euclid(9), (row as i32).rem_euclid(9));
            let glint = noise::white(i, j, 23);
            let colour = match glint {
                g if g > 0.72 => inks.base.mix(crate::colour::Rgb([1.0; 3]), 0.6),
                g if g > 0.45 => inks.base.mix(inks.accent, 0.55),
                g => inks.base.shift(0.07 * g, 1.0),
            };
            return Texel::raised(colour.shift(-0.10 * smoothstep(0.4, 0.62, d), 1.0), glint + 1.0 - d);
        }
    }
    Texel::flat(inks.base.shift(-0.12, 1.0))
}
