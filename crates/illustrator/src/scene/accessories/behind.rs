//! What is behind the figure: veil, umbrella, rucksack.

use crate::colour::Rgb;
use crate::figure::body::Body;
use crate::reading::answers::{Cut, Occasion, Season};
use crate::reading::design::Design;
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;

/// Behind the figure: umbrella, veil, rucksack.
pub(in crate::scene) fn behind(layer: &mut Layer, view: &View, design: &Design, body: &Body) {
    if design.occasion == Occasion::Wedding && design.cut != Cut::KimonoWrap {
        veil(layer, view);
    }
    if design.season == Season::Rainy {
        umbrella(layer, view, design, body);
    }
    if design.occasion == Occasion::Outdoor {
        rucksack(layer, view, design);
    }
}

fn veil(layer: &mut Layer, view: &View) {
    let veil = [
        p(-30.0, 6.0),
        p(-62.0, 120.0),
        p(-104.0, 300.0),
        p(-132.0, 520.0),
        p(-96.0, 560.0),
        p(0.0, 540.0),
        p(98.0, 562.0),
        p(134.0, 520.0),
        p(104.0, 300.0),
        p(62.0, 120.0),
        p(30.0, 6.0),
        p(0.0, -8.0),
    ];
    layer.fill_gradient(
        &Outline::blob(&veil),
        view,
        (p(0.0, 0.0), Rgb([1.0, 0.995, 0.985]), 0.72),
        (p(0.0, 560.0), Rgb([1.0, 0.995, 0.985]), 0.30),
    );
    for side in [-1.0, 1.0] {
        draw_line(
            layer,
            view,
            &[p(side * 30.0, 10.0), p(side * 62.0, 120.0), p(side * 104.0, 300.0), p(side * 131.0, 520.0)],
            Pen::tapered(Rgb::hex("#b9b2a8"), 1.2).faint(0.6),
        );
    }
}

fn umbrella(layer: &mut Layer, view: &View, design: &Design, body: &Body) {
    let colour = design.palette.accent.mix(Rgb::hex("#8fa6c4"), 0.35);
    let side = if body.head_turn < 0.0 { 1.0 } else { -1.0 };
    let top = p(side * 70.0, -116.0);
    let tilt = side * 0.22;
    let at = |x: f32, y: f32| top + p(x, y).rotate(tilt);
    draw_line(layer, view, &[at(0.0, 0.0), at(0.0, 180.0), at(0.0, 330.0)], Pen::even(Rgb::hex("#5a4636"), 5.0));
    let edge: Vec<P> =
        (0..=6).map(|i| -210.0 + i as f32 * 70.0).map(|x| at(x, 128.0 - 26.0 * (x / 210.0) * (x / 210.0))).collect();
    let mut dome: Vec<P> = (0..=24)
        .map(|i| core::f32::consts::PI * (1.0 + i as f32 / 24.0))
        .map(|t| at(210.0 * crate::scalar::cos(t), 102.0 + 108.0 * crate::scalar::sin(t)))
        .collect();
    for pair in edge.windows(2).rev() {
        if let [a, b] = pair {
            for i in 0..8 {
                let t = i as f32 / 8.0;
                dome.push(b.lerp(*a, t) + p(0.0, -64.0 * t * (1.0 - t)).rotate(tilt));
            }
        }
    }
    let shape = Outline::polygon(&dome);
    layer.fill_gradient(
        &shape,
        view,
        (at(-120.0, 0.0), colour.shift(0.10, 0.9), 0.94),
        (at(180.0, 130.0), colour.shift(-0.12, 1.0), 0.94),
    );
    for (i, q) in edge.iter().enumerate() {
        let x = -210.0 + i as f32 * 70.0;
        draw_line(layer, view, &[at(0.0, -6.0), at(x * 0.66, 34.0), *q], Pen::tapered(colour.ink(), 1.6).faint(0.7));
    }
    let mut rim = dome.clone();
    rim.truncate(25);
    draw_line(layer, view, &rim, Pen::even(colour.ink(), 1.7).faint(0.8));
}

fn rucksack(layer: &mut Layer, view: &View, design: &Design) {
    let colour = design.palette.accent.shift(-0.05, 0.9);
    let pack = Outline::blob(&[
        p(-70.0, 150.0),
        p(-82.0, 200.0),
        p(-80.0, 300.0),
        p(0.0, 320.0),
        p(80.0, 300.0),
        p(82.0, 200.0),
        p(70.0, 150.0),
        p(0.0, 136.0),
    ]);
    layer.fill_gradient(
        &pack,
        view,
        (p(-80.0, 150.0), colour.shift(0.05, 1.0), 1.0),
        (p(80.0, 320.0), colour.shift(-0.1, 1.0), 1.0),
    );
}
