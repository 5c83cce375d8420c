//! Hats and scarves: which are worn, and how they look.

use crate::colour::Rgb;
use crate::figure::body::Body;
use crate::figure::face::head_map;
use crate::reading::answers::{Cut, Occasion, Season};
use crate::reading::design::Design;
use crate::reading::extra::Hat;
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::{Outline, smooth};

// Hats in head units, as `head_map` takes them.
const STRAW_CROWN: &[(f32, f32)] = &[
    (-33.0, 20.0),
    (-32.0, -6.0),
    (-18.0, -22.0),
    (0.0, -25.0),
    (18.0, -22.0),
    (32.0, -6.0),
    (33.0, 20.0),
    (0.0, 27.0),
];
const STRAW_BRIM: &[(f32, f32)] =
    &[(-84.0, 22.0), (-40.0, 8.0), (0.0, 6.0), (40.0, 8.0), (84.0, 22.0), (44.0, 34.0), (0.0, 37.0), (-44.0, 34.0)];
const BERET_CROWN: &[(f32, f32)] = &[
    (-37.0, 20.0),
    (-50.0, 4.0),
    (-34.0, -16.0),
    (4.0, -22.0),
    (34.0, -10.0),
    (38.0, 12.0),
    (20.0, 20.0),
    (-16.0, 24.0),
];
const KNIT_CROWN: &[(f32, f32)] =
    &[(-38.0, 30.0), (-38.0, 6.0), (-24.0, -16.0), (0.0, -24.0), (24.0, -16.0), (38.0, 6.0), (38.0, 30.0), (0.0, 34.0)];
const CAP_CROWN: &[(f32, f32)] =
    &[(-37.0, 22.0), (-36.0, 0.0), (-20.0, -15.0), (2.0, -18.0), (24.0, -13.0), (37.0, 4.0), (37.0, 20.0), (0.0, 26.0)];
const CAP_BRIM: &[(f32, f32)] = &[(-30.0, 22.0), (0.0, 18.0), (30.0, 22.0), (33.0, 34.0), (0.0, 40.0), (-33.0, 34.0)];

pub(super) fn scarf_worn(design: &Design) -> bool {
    let formal = matches!(design.occasion, Occasion::Wedding | Occasion::Party | Occasion::Sports | Occasion::Lounge);
    design.details.scarf
        || design.season == Season::Winter && !formal && !matches!(design.cut, Cut::KimonoWrap | Cut::Cape)
}

pub(super) fn hat_worn(design: &Design) -> Option<Hat> {
    let named = design.details.hat;
    if named.is_some() {
        return named;
    }
    match (design.occasion, design.season) {
        (Occasion::Outdoor, Season::Winter) => Some(Hat::Knit),
        (Occasion::Outdoor | Occasion::Travel, Season::Summer) => Some(Hat::Straw),
        (Occasion::Travel, Season::Autumn | Season::Winter) => Some(Hat::Beret),
        (Occasion::Outdoor | Occasion::Sports, _) => Some(Hat::Cap),
        _ => None,
    }
}

pub(super) fn scarf(layer: &mut Layer, view: &View, design: &Design) {
    let colour = design.palette.accent;
    let ink = colour.ink();
    let tail = Outline::polygon(&smooth(
        &[p(6.0, 146.0), p(26.0, 150.0), p(34.0, 210.0), p(38.0, 286.0), p(12.0, 290.0), p(8.0, 214.0)],
        true,
        8,
    ));
    let ring = Outline::blob(&[
        p(-34.0, 122.0),
        p(-40.0, 140.0),
        p(-24.0, 160.0),
        p(4.0, 168.0),
        p(30.0, 158.0),
        p(40.0, 138.0),
        p(33.0, 120.0),
        p(0.0, 128.0),
    ]);
    for (shape, low) in [(tail, 290.0), (ring, 168.0)] {
        let patch = shape.cover(view, layer.width, layer.height);
        let reach = view.scale * 4.0;
        layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.6);
        layer.fill_gradient(
            &shape,
            view,
            (p(-34.0, 120.0), colour.shift(0.07, 1.0), 1.0),
            (p(36.0, low), colour.shift(-0.08, 1.0), 1.0),
        );
    }
    for y in [0.0, 9.0, 18.0] {
        draw_line(
            layer,
            view,
            &[p(-36.0, 132.0 + y * 0.6), p(-14.0, 146.0 + y), p(10.0, 150.0 + y * 0.9), p(37.0, 134.0 + y * 0.7)],
            Pen::tapered(ink, 1.5).faint(0.65),
        );
    }
    for x in 0..8 {
        let x = 14.0 + x as f32 * 3.2;
        draw_line(
            layer,
            view,
            &[p(x, 286.0), p(x + 0.8, 296.0), p(x, 305.0)],
            Pen::even(colour.shift(-0.05, 1.0), 1.6),
        );
    }
    for side in [10.0, 36.0] {
        draw_line(
            layer,
            view,
            &[p(side * 0.8, 166.0), p(side * 0.95, 220.0), p(side, 286.0)],
            Pen::tapered(ink, 1.5).faint(0.75),
        );
    }
}

pub(super) fn hat(layer: &mut Layer, view: &View, design: &Design, body: &Body, kind: Hat) {
    let at = head_map(body);
    let map = |points: &[(f32, f32)]| -> Vec<P> { points.iter().map(|(x, y)| at(*x, *y)).collect() };
    let accent = design.palette.accent;
    // Crown and brim, the farther one first.
    let (colour, parts): (Rgb, &[&[(f32, f32)]]) = match kind {
        Hat::Straw => (Rgb::hex("#e2c690"), &[STRAW_BRIM, STRAW_CROWN]),
        Hat::Beret => (accent, &[BERET_CROWN]),
        Hat::Knit => (accent, &[KNIT_CROWN]),
        Hat::Cap => (accent, &[CAP_CROWN, CAP_BRIM]),
    };
    for part in parts {
        hat_part(layer, view, &at, &map(part), colour);
    }
    match kind {
        Hat::Straw => {
            let band = map(&[(-33.0, 14.0), (0.0, 21.0), (33.0, 14.0)]);
            draw_line(layer, view, &band, Pen::even(accent, 9.0));
        }
        Hat::Knit => knitting(layer, view, &at, colour),
        Hat::Beret | Hat::Cap => {}
    }
}

fn hat_part(layer: &mut Layer, view: &View, at: &impl Fn(f32, f32) -> P, points: &[P], colour: Rgb) {
    let shape = Outline::blob(points);
    let patch = shape.cover(view, layer.width, layer.height);
    layer.shade_below(&patch, (view.scale, view.scale * 7.0), view.scale * 4.0, Rgb([0.5, 0.4, 0.4]), 0.65);
    layer.fill_gradient(
        &shape,
        view,
        (at(-30.0, -20.0), colour.shift(0.06, 1.0), 1.0),
        (at(40.0, 36.0), colour.shift(-0.10, 1.0), 1.0),
    );
    let mut edge = points.to_vec();
    edge.extend(points.first());
    draw_line(layer, view, &edge, Pen::even(colour.ink(), 1.6).faint(0.85));
}

/// The turned-up edge, its ribs and the bobble.
fn knitting(layer: &mut Layer, view: &View, at: &impl Fn(f32, f32) -> P, colour: Rgb) {
    let map = |points: &[(f32, f32)]| -> Vec<P> { points.iter().map(|(x, y)| at(*x, *y)).collect() };
    let ink = colour.ink();
    draw_line(layer, view, &map(&[(-38.0, 24.0), (0.0, 30.0), (38.0, 24.0)]), Pen::even(colour.shift(0.06, 1.0), 13.0));
    for i in 0..14 {
        let x = -35.0 + i as f32 * 5.4;
        draw_line(
            layer,
            view,
            &map(&[(x, 20.0 + 6.0 * (1.0 - x * x / 1500.0)), (x * 1.02, 32.0)]),
            Pen::even(ink, 0.9).faint(0.5),
        );
    }
    layer.fill(&Outline::ellipse(at(0.0, -31.0), 12.0, 11.0, 0.0), view, colour.shift(0.10, 0.8), 1.0);
}
