//! Traditional Japanese patterns.

use super::texel::{Inks, Texel};
use crate::colour::Rgb;
use crate::scalar::{fract, segment_distance};

/// The colour of the lines: pale on deep cloth, deep on pale cloth.
fn line_colour(inks: &Inks) -> Rgb {
    if (inks.second.lightness() - inks.base.lightness()).abs() > 0.18 {
        inks.second
    } else if inks.base.lightness() > 0.6 {
        inks.base.shift(-0.24, 1.1)
    } else {
        inks.base.at_lightness(0.9)
    }
}

/// Waves of the blue sea: scales of concentric rings, each row before the last.
pub(super) fn seigaiha(inks: &Inks, x: f32, y: f32) -> Texel {
    let radius = 0.5;
    for step in 0..5 {
        // Rows lie a quarter apart; the nearest row whose scale covers the point is in front.
        let row = (y * 4.0).floor() + 2.0 - step as f32;
        let centre_y = row * 0.25 + 0.5;
        let shift = if (row as i32).rem_euclid(2) == 0 { 0.0 } else { 0.5 };
        let centre_x = (x - shift).round() + shift;
        let (dx, dy) = (x - centre_x, y - centre_y);
        let d = (dx * dx + dy * dy).sqrt() / radius;
        if d <= 1.0 && dy <= 0.0 {
            let ring = (d * 4.0).floor() as i32;
            let in_line = fract(d * 4.0) > 0.62;
            let ground = if ring == 0 { inks.base.mix(inks.accent, 0.55) } else { inks.base };
            return Texel::raised(if in_line { line_colour(inks) } else { ground }, if in_line { 0.5 } else { 0.0 });
        }
    }
    Texel::flat(inks.base)
}

/// Hemp leaves: a lattice of triangles, each split towards its centre.
pub(super) fn asanoha(inks: &Inks, x: f32, y: f32) -> Texel {
    let height = 1.732_05;
    let (px, py) = (x, y * height);
    let mut nearest = 9.0_f32;
    for j in -1..=2_i32 {
        let row_y = j as f32 * height * 0.5;
        let shift = if j.rem_euclid(2) == 0 { 0.0 } else { 0.5 };
        for i in -1..=2 {
            let (ax, ay) = (i as f32 + shift, row_y);
            let (bx, by) = (ax + 1.0, ay);
            for side in [1.0, -1.0] {
                let (cx, cy) = (ax + 0.5, ay + side * height * 0.5);
                let (mx, my) = ((ax + bx + cx) / 3.0, (ay + by + cy) / 3.0);
                for (qx, qy, rx, ry) in
                    [(ax, ay, bx, by), (ax, ay, cx, cy), (mx, my, ax, ay), (mx, my, bx, by), (mx, my, cx, cy)]
                {
                    nearest = nearest.min(segment_distance(px, py, qx, qy, rx, ry));
                }
            }
        }
    }
    Texel::flat(if nearest < 0.042 { line_colour(inks) } else { inks.base })
}

/// Yagasuri: arrow feathers in columns.
pub(super) fn yagasuri(inks: &Inks, x: f32, y: f32) -> Texel {
    let column = if x < 0.5 { 0 } else { 1 };
    let across = fract(x * 2.0);
    let rise = if column == 0 { (across - 0.5).abs() } else { -(across - 0.5).abs() };
    let along = fract(y + rise * 0.42 + if column == 0 { 0.0 } else { 0.25 });
    let shaft = (across - 0.5).abs() < 0.035;
    let edge = !(0.03..=0.97).contains(&across);
    let feather = along < 0.5;
    let notch = fract(along * 14.0) < 0.14 && feather;
    let colour = match (shaft || edge, feather, notch) {
        (true, _, _) => inks.base.shift(-0.10, 1.0),
        (_, true, false) => line_colour(inks),
        (_, true, true) => line_colour(inks).mix(inks.base, 0.4),
        _ => inks.base,
    };
    Texel::flat(colour)
}

/// Seven treasures: circles that overlap by a quarter.
pub(super) fn shippo(inks: &Inks, x: f32, y: f32) -> Texel {
    let mut line = false;
    let mut covered = 0;
    for (cx, cy) in
        [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5), (-0.5, 0.5), (1.5, 0.5), (0.5, -0.5), (0.5, 1.5)]
    {
        let (dx, dy) = (x - cx, y - cy);
        let d = (dx * dx + dy * dy).sqrt();
        line |= (d - 0.5).abs() < 0.022;
        covered += i32::from(d < 0.5);
    }
    let star = (fract(x + 0.5) - 0.5).abs() + (fract(y) - 0.5).abs();
    let ground = if covered >= 2 { inks.base.mix(line_colour(inks), 0.42) } else { inks.base };
    let colour = if line {
        line_colour(inks)
    } else if star < 0.07 {
        inks.accent
    } else {
        ground
    };
    Texel::flat(colour)
}
