//! Shoes.

use super::body::Body;
use super::limbs::Skin;
use crate::colour::Rgb;
use crate::garment::drape::{Drape, Fold};
use crate::garment::loft::Loft;
use crate::garment::render::{Piece, paint};
use crate::surface::geometry::{P, View};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;
use crate::textile::cloth::Cloth;

/// Kinds of shoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shoe {
    Pump,
    Strappy,
    Sneaker,
    Boot,
    Loafer,
    Sandal,
    Zori,
}

/// Paints both shoes, the farther first.
pub(crate) fn paint_shoes(layer: &mut Layer, view: &View, body: &Body, skin: &Skin<'_>, shoe: Shoe, colour: Rgb) {
    for index in [1 - body.front_leg, body.front_leg] {
        if shoe == Shoe::Boot {
            paint_shaft(layer, view, body, index, colour);
        }
        paint_shoe(layer, view, body, index, skin, shoe, colour);
    }
}

/// The shaft of a boot up to the calf.
fn paint_shaft(layer: &mut Layer, view: &View, body: &Body, index: usize, colour: Rgb) {
    let leg = super::limbs::leg(body, index);
    let spine: Vec<(P, f32, f32)> = (0..=6)
        .map(|i| 0.76 + 0.24 * i as f32 / 6.0)
        .map(|v| (leg.at(0.0, v), leg.half_width(v) + 3.2, leg.half_width(v) + 3.2))
        .collect();
    let loft = Loft::tube(&spine);
    let cloth = Cloth::plain(colour, 0.35);
    let folds = vec![Fold::Bend { at: 0.85, reach: 0.25, count: 3.0, slant: 0.4, depth: 1.6 }];
    let drape = Drape { round: 0.85, wrinkle: 0.6, folds, seed: 4 };
    paint(
        layer,
        view,
        &Piece { loft: &loft, drape: &drape, cloth: &cloth, span: (0.0, 1.0), cut: None, within: None },
        2.0,
    );
    let pen = Pen::even(colour.ink(), 1.6);
    for line in [loft.down(-1.0, 0.0, 1.0), loft.down(1.0, 0.0, 1.0), loft.across(0.0, -1.0, 1.0)] {
        draw_line(layer, view, &line, pen);
    }
}

const FOOT: &[(f32, f32)] = &[
    (-0.10, -9.0),
    (0.12, -9.6),
    (0.36, -12.0),
    (0.60, -14.6),
    (0.80, -12.6),
    (0.95, -6.0),
    (1.0, 0.0),
    (0.97, 5.0),
    (0.84, 10.0),
    (0.62, 12.4),
    (0.36, 11.0),
    (0.12, 9.6),
    (-0.10, 9.0),
];

fn paint_shoe(layer: &mut Layer, view: &View, body: &Body, index: usize, skin: &Skin<'_>, shoe: Shoe, colour: Rgb) {
    let (ankle, toe) = (body.ankle[index], body.toe[index]);
    let along = (toe - ankle).unit();
    let out = if index == 0 { -1.0 } else { 1.0 };
    let across = along.normal() * out;
    let length = (toe - ankle).length() + if shoe == Shoe::Sneaker { 2.0 } else { 4.0 };
    // `x` runs from the ankle (0) to the toe (1), `y` to the inside of the foot.
    let at = |x: f32, y: f32| ankle + along * (x * length) + across * y;
    let map = |points: &[(f32, f32)]| -> Vec<P> { points.iter().map(|(x, y)| at(*x, *y)).collect() };
    let wide = if matches!(shoe, Shoe::Sneaker | Shoe::Boot | Shoe::Loafer) { 1.18 } else { 1.0 };
    let foot: Vec<(f32, f32)> = FOOT.iter().map(|(x, y)| (*x, *y * if *x > 0.2 { wide } else { 1.0 })).collect();
    let outline = Outline::blob(&map(&foot));
    let deep = skin.tone.times(Rgb([0.88, 0.76, 0.72]));
    layer.fill_gradient(&outline, view, (at(0.0, -8.0), skin.tone, 1.0), (at(1.0, 8.0), deep, 1.0));
    let ink = colour.ink();
    // How far back the upper reaches, and how deep its opening dips.
    let upper = match shoe {
        Shoe::Pump => Some((0.34, 0.26)),
        Shoe::Loafer => Some((0.14, 0.22)),
        Shoe::Sneaker => Some((-0.06, 0.10)),
        Shoe::Boot => Some((-0.3, 0.0)),
        Shoe::Strappy | Shoe::Sandal | Shoe::Zori => None,
    };
    if let Some(reach) = upper {
        paint_upper(layer, view, &outline, &at, reach, colour);
    }
    trim(layer, view, shoe, &map, colour, ink);
    let mut edge = map(&foot);
    edge.remove(0);
    edge.pop();
    draw_line(
        layer,
        view,
        &edge,
        Pen::even(if matches!(shoe, Shoe::Strappy | Shoe::Sandal | Shoe::Zori) { skin.ink } else { ink }, 1.4)
            .faint(0.9),
    );
}

/// The closed part of a shoe, from its opening to the toe.
fn paint_upper(
    layer: &mut Layer,
    view: &View,
    outline: &Outline,
    at: &impl Fn(f32, f32) -> P,
    (from, dip): (f32, f32),
    colour: Rgb,
) {
    let map = |points: &[(f32, f32)]| -> Vec<P> { points.iter().map(|(x, y)| at(*x, *y)).collect() };
    let lit = colour.mix(Rgb([1.0; 3]), 0.16);
    let shade = colour.shift(-0.09, 1.0);
    let mut patch = outline.cover(view, layer.width, layer.height);
    let opening = [(from, -26.0), (from + dip * 0.7, -8.0), (from + dip, 0.0), (from + dip * 0.7, 8.0), (from, 26.0)];
    let mut region = crate::surface::outline::smooth(&map(&opening), false, 8);
    region.extend(map(&[(1.2, 26.0), (1.2, -26.0)]));
    patch.intersect(&Outline::polygon(&region).cover(view, layer.width, layer.height));
    let (a, b) = (view.map(at(0.2, -12.0)), view.map(at(0.9, 12.0)));
    let axis = b - a;
    let squared = (axis.x * axis.x + axis.y * axis.y).max(1e-6);
    layer.paint(&patch, |x, y| {
        let t = (((x - a.x) * axis.x + (y - a.y) * axis.y) / squared).clamp(0.0, 1.0);
        (lit.mix(shade, t), 1.0)
    });
    let rim = [(from, -10.5), (from + dip * 0.7, -8.0), (from + dip, 0.0), (from + dip * 0.7, 8.0), (from, 10.5)];
    draw_line(layer, view, &map(&rim), Pen::tapered(colour.ink(), 1.4));
}

fn trim(layer: &mut Layer, view: &View, shoe: Shoe, map: &impl Fn(&[(f32, f32)]) -> Vec<P>, colour: Rgb, ink: Rgb) {
    let strap = |layer: &mut Layer, points: &[(f32, f32)], width: f32| {
        draw_line(layer, view, &map(points), Pen::even(ink, width + 1.2));
        draw_line(layer, view, &map(points), Pen::even(colour, width));
    };
    match shoe {
        Shoe::Strappy => {
            strap(layer, &[(0.72, -13.0), (0.66, 0.0), (0.74, 11.0)], 4.0);
            strap(layer, &[(0.30, -11.0), (0.36, 0.0), (0.30, 10.0)], 2.6);
            strap(layer, &[(-0.04, -9.0), (0.02, 0.0), (-0.04, 9.0)], 2.6);
        }
        Shoe::Sandal => {
            strap(layer, &[(0.68, -13.6), (0.58, 0.0), (0.70, 12.0)], 8.0);
            strap(layer, &[(0.08, -10.0), (0.16, 0.0), (0.08, 9.8)], 5.0);
        }
        Shoe::Zori => {
            strap(layer, &[(0.28, -11.0), (0.52, -6.0), (0.76, 1.0), (0.50, 7.0), (0.28, 10.6)], 4.2);
        }
        Shoe::Sneaker => {
            let sole = Rgb([0.95, 0.94, 0.91]);
            draw_line(
                layer,
                view,
                &map(&[(0.56, -16.0), (0.82, -14.4), (0.97, -6.0), (1.01, 1.0), (0.95, 8.0), (0.60, 14.0)]),
                Pen::even(sole, 6.0),
            );
            for i in 0..4 {
                let x = 0.16 + i as f32 * 0.10;
                draw_line(layer, view, &map(&[(x, -5.0), (x + 0.03, 0.0), (x, 5.0)]), Pen::even(sole, 1.9));
            }
        }
        Shoe::Loafer => strap(layer, &[(0.44, -13.0), (0.50, 0.0), (0.44, 12.6)], 4.6),
        Shoe::Pump | Shoe::Boot => {
            draw_line(
                layer,
                view,
                &map(&[(0.62, -8.0), (0.80, -6.0), (0.92, -2.0)]),
                Pen::tapered(Rgb([1.0; 3]), 2.2).faint(0.35),
            );
        }
    }
}
