//! Draws the masses of a hair style, their strands and their ink.

use super::masses::{self, Shape};
use crate::colour::Rgb;
use crate::figure::body::Body;
use crate::figure::face::head_map;
use crate::reading::design::HairStyle;
use crate::rng::Rng;
use crate::surface::geometry::{P, View};
use crate::surface::ink::{Pen, draw_line, draw_line_within};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;

/// Paint for hair.
pub(crate) struct Hair {
    pub(crate) style: HairStyle,
    pub(crate) colour: Rgb,
    pub(crate) seed: u64,
}

fn paint_shape(layer: &mut Layer, view: &View, at: &impl Fn(f32, f32) -> P, shape: &Shape, hair: &Hair, dark: f32) {
    let outline = Outline::blob(&shape.iter().map(|(x, y)| at(*x, *y)).collect::<Vec<_>>());
    let (top, bottom) = shape.iter().fold((999.0_f32, -999.0_f32), |(a, b), (_, y)| (a.min(*y), b.max(*y)));
    let lit = hair.colour.shift(0.05 - dark, 1.05);
    let deep = hair.colour.shift(-0.06 - dark, 1.0);
    let patch = outline.cover(view, layer.width, layer.height);
    layer.shade_below(&patch, (view.scale * 1.5, view.scale * 3.0), view.scale * 2.5, Rgb([0.55, 0.42, 0.42]), 0.55);
    layer.fill_gradient(&outline, view, (at(-20.0, top), lit, 1.0), (at(20.0, bottom), deep, 1.0));
    strands(layer, view, at, shape, hair, &patch, dark);
    let mut edge: Vec<P> = shape.iter().map(|(x, y)| at(*x, *y)).collect();
    if let Some(first) = edge.first().copied() {
        edge.push(first);
    }
    draw_line(layer, view, &edge, Pen::even(hair.colour.ink(), 1.2).faint(0.55));
}

/// Fine light and dark lines that follow the mass from the crown down.
fn strands(
    layer: &mut Layer,
    view: &View,
    at: &impl Fn(f32, f32) -> P,
    shape: &Shape,
    hair: &Hair,
    within: &crate::surface::patch::Patch,
    dark: f32,
) {
    let mut rng = Rng::new(hair.seed, "strands");
    let (low, high) = shape.iter().fold((999.0_f32, -999.0_f32), |(a, b), (x, _)| (a.min(*x), b.max(*x)));
    let (top, bottom) = shape.iter().fold((999.0_f32, -999.0_f32), |(a, b), (_, y)| (a.min(*y), b.max(*y)));
    let wave = if hair.style == HairStyle::Wavy { 5.0 } else { 1.0 };
    for _ in 0..46 {
        let x = rng.range(low, high);
        let start = rng.range(top, top + (bottom - top) * 0.6);
        let end = start + rng.range(0.25, 0.7) * (bottom - top);
        let spread = x * 0.55;
        let colour = if rng.chance(0.5) { hair.colour.shift(0.13 - dark, 1.1) } else { hair.colour.ink() };
        let points: Vec<P> = (0..=6)
            .map(|i| {
                let t = i as f32 / 6.0;
                let y = start + (end - start) * t;
                let open = crate::scalar::smoothstep(-6.0, 45.0, y);
                at(spread + (x - spread) * open + wave * crate::scalar::sin(y * 0.11 + x * 0.05), y)
            })
            .collect();
        draw_line_within(layer, view, &points, Pen::tapered(colour, rng.range(0.8, 1.8)).faint(0.5), within);
    }
}

/// Hair behind the body.
pub(crate) fn paint_behind(layer: &mut Layer, view: &View, body: &Body, hair: &Hair) {
    let at = head_map(body);
    for shape in masses::behind(hair.style) {
        paint_shape(layer, view, &at, &shape, hair, 0.03);
    }
}

/// Hair in front of the face.
pub(crate) fn paint_before(layer: &mut Layer, view: &View, body: &Body, hair: &Hair) {
    let at = head_map(body);
    let part = if body.head_turn < 0.0 { 8.0 } else { -8.0 };
    for shape in masses::before(hair.style, part) {
        paint_shape(layer, view, &at, &shape, hair, 0.0);
    }
    if hair.style == HairStyle::Braid {
        let pen = Pen::tapered(hair.colour.ink(), 1.6).faint(0.8);
        for i in 0..8 {
            let y = 86.0 + i as f32 * 14.0;
            draw_line(layer, view, &[at(-31.0, y), at(-37.0, y + 7.0), at(-44.0, y + 4.0)], pen);
        }
    }
}
