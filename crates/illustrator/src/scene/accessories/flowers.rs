//! Flowers that are worn and carried.

use crate::colour::Rgb;
use crate::reading::design::Design;
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;

pub(super) fn corsage(layer: &mut Layer, view: &View, centre: P, size: f32, colour: Rgb, petals: usize) {
    for i in 0..2 {
        let leaf = centre + p(size * (0.9 - 1.7 * i as f32), size * 0.7);
        layer.fill(
            &Outline::ellipse(leaf, size * 0.6, size * 0.24, 0.7 - 1.4 * i as f32),
            view,
            Rgb::hex("#6d8560"),
            1.0,
        );
    }
    for ring in 0..3 {
        let reach = size * (0.66 - 0.26 * ring as f32);
        for i in 0..petals {
            let a = i as f32 * core::f32::consts::TAU / petals as f32 + ring as f32 * 0.6;
            let q = centre + p(crate::scalar::cos(a), crate::scalar::sin(a)) * reach;
            let tone = colour.shift(0.04 * ring as f32 - 0.04 * crate::scalar::sin(a) - 0.05, 1.0);
            layer.fill(&Outline::ellipse(q, size * 0.46, size * 0.36, a), view, tone, 1.0);
            let rim: Vec<P> = (0..7)
                .map(|k| a - 0.9 + k as f32 * 0.3)
                .map(|t| q + p(crate::scalar::cos(t), crate::scalar::sin(t)) * (size * 0.40))
                .collect();
            draw_line(layer, view, &rim, Pen::tapered(colour.ink(), 0.8).faint(0.4));
        }
    }
}

pub(super) fn bouquet(layer: &mut Layer, view: &View, design: &Design, at: P, size: f32) {
    let mut rng = design.rng("bouquet");
    let green = Rgb::hex("#6f8a63");
    for i in 0..7 {
        let x = (i as f32 - 3.0) * size * 0.06;
        draw_line(
            layer,
            view,
            &[at + p(x * 0.6, 0.0), at + p(x, size * 0.8), at + p(x * 1.5, size * 1.4)],
            Pen::even(green.shift(-0.08, 1.0), 2.6),
        );
    }
    for i in 0..12 {
        let a = i as f32 * 0.52;
        let q = at + p(crate::scalar::cos(a), crate::scalar::sin(a) * 0.85) * (size * 0.92) + p(0.0, -size * 0.2);
        layer.fill(
            &Outline::ellipse(q, size * 0.30, size * 0.11, a),
            view,
            green.shift(rng.range(-0.08, 0.06), 1.0),
            1.0,
        );
    }
    let petals = [
        Rgb::hex("#f7ece6"),
        design.palette.accent.mix(Rgb::hex("#f6dcd8"), 0.5),
        design.palette.second.mix(Rgb::hex("#fbf3ea"), 0.5),
    ];
    for i in 0..13 {
        let a = i as f32 * 2.4;
        let r = size * 0.20 * libm::sqrtf(i as f32);
        let q = at + p(crate::scalar::cos(a) * r, crate::scalar::sin(a) * r * 0.85 - size * 0.2);
        corsage(layer, view, q, size * 0.24, petals.get(i % 3).copied().unwrap_or(green), 5);
    }
}
