//! Patterns made by coloured threads.

use super::texel::{Inks, Texel};
use crate::noise;
use crate::scalar::{fract, mix};

/// A colour that stands out softly from the base.
fn soft(inks: &Inks) -> crate::colour::Rgb {
    let light = inks.base.lightness() > 0.55;
    inks.base.shift(if light { -0.16 } else { 0.20 }, 0.8)
}

pub(super) fn plain(inks: &Inks, x: f32, y: f32) -> Texel {
    let slub = 0.014 * noise::white((x * 24.0) as i32, (y * 24.0) as i32, 3);
    Texel::flat(inks.base.shift(slub, 1.0))
}

pub(super) fn pinstripe(inks: &Inks, x: f32) -> Texel {
    Texel::flat(if (x - 0.5).abs() < 0.055 { inks.base.mix(inks.second, 0.85) } else { inks.base })
}

pub(super) fn stripe(inks: &Inks, x: f32) -> Texel {
    Texel::flat(match x {
        x if x < 0.34 => inks.second,
        x if x > 0.64 && x < 0.70 => inks.accent,
        _ => inks.base,
    })
}

pub(super) fn border(inks: &Inks, y: f32) -> Texel {
    Texel::flat(if y < 0.40 { inks.second } else { inks.base })
}

pub(super) fn gingham(inks: &Inks, x: f32, y: f32) -> Texel {
    let pale =
        inks.second.mix(crate::colour::Rgb([0.98, 0.97, 0.94]), if inks.second.lightness() > 0.6 { 0.4 } else { 0.85 });
    let share = (f32::from(u8::from(x < 0.5)) + f32::from(u8::from(y < 0.5))) * 0.5;
    Texel::flat(pale.mix(inks.base, share))
}

pub(super) fn tartan(inks: &Inks, x: f32, y: f32) -> Texel {
    let band = |t: f32| -> crate::colour::Rgb {
        match t {
            t if t < 0.22 => inks.second,
            t if t > 0.30 && t < 0.335 => inks.accent,
            t if t > 0.52 && t < 0.58 => inks.base.ink(),
            t if t > 0.64 && t < 0.70 => inks.base.ink(),
            t if t > 0.885 && t < 0.92 => inks.accent,
            _ => inks.base,
        }
    };
    let twill = fract((x + y) * 22.0);
    Texel::flat(band(x).mix(band(y), if twill < 0.5 { 0.68 } else { 0.32 }))
}

pub(super) fn houndstooth(inks: &Inks, x: f32, y: f32) -> Texel {
    let (i, j) = ((x * 8.0) as i32, (y * 8.0) as i32);
    let warp_shows = (i + j).rem_euclid(4) < 2;
    let dark = if warp_shows { i < 4 } else { j < 4 };
    let pale = if (inks.second.lightness() - inks.base.lightness()).abs() > 0.28 { inks.second } else { soft(inks) };
    Texel::flat(if dark { inks.base } else { pale })
}

pub(super) fn herringbone(inks: &Inks, x: f32, y: f32) -> Texel {
    let lean = if x < 0.5 { x } else { 1.0 - x };
    let thread = fract(y * 2.0 + lean * 4.0);
    let on = thread < 0.5;
    Texel::raised(if on { soft(inks).mix(inks.base, 0.35) } else { inks.base }, if on { 0.5 } else { -0.3 })
}

pub(super) fn denim(inks: &Inks, x: f32, y: f32) -> Texel {
    let indigo = inks.base.mix(crate::colour::Rgb::hex("#3d5b86"), 0.62);
    let pale = crate::colour::Rgb::hex("#c9d4e2");
    let twill = fract((x + y) * 3.0);
    let worn = 0.10 * noise::white((x * 12.0) as i32, (y * 12.0) as i32, 8);
    let share = (if twill < 0.36 { 0.36 } else { 0.04 } + worn).clamp(0.0, 1.0);
    Texel::raised(indigo.mix(pale, share), if twill < 0.36 { 1.0 } else { -0.4 })
}

pub(super) fn tweed(inks: &Inks, x: f32, y: f32) -> Texel {
    let (i, j) = ((x * 24.0) as i32, (y * 24.0) as i32);
    let pick = noise::white(i, j, 11);
    let base = if (i + j).rem_euclid(2) == 0 { inks.base } else { soft(inks) };
    let colour = match pick {
        p if p > 0.80 => inks.accent.mix(inks.base, 0.25),
        p if p < -0.74 => inks.second,
        _ => base.shift(pick * 0.07, 1.0),
    };
    Texel::raised(colour, pick)
}

pub(super) fn argyle(inks: &Inks, x: f32, y: f32) -> Texel {
    let diamond = |x: f32, y: f32| (x - 0.5).abs() * 2.0 + (y - 0.5).abs() * 2.0;
    let d = diamond(x, y);
    let colour = if d < 1.0 { inks.second } else { inks.base };
    let line = diamond(fract(x + 0.5), y);
    let crossing = (line - 1.0).abs() < 0.035;
    let stitch = fract((x + y) * 14.0);
    Texel::raised(if crossing { colour.mix(inks.accent, 0.9) } else { colour }, mix(-0.2, 0.3, stitch))
}
