//! What a hand holds: clutch, fan, bag.

use crate::colour::Rgb;
use crate::reading::design::Design;
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::{Outline, smooth};

pub(super) fn clutch(layer: &mut Layer, view: &View, design: &Design, at: P) {
    let colour = design.palette.accent;
    let shape = Outline::polygon(&smooth(
        &[
            at + p(-38.0, -6.0),
            at + p(0.0, -10.0),
            at + p(38.0, -4.0),
            at + p(36.0, 30.0),
            at + p(0.0, 32.0),
            at + p(-36.0, 28.0),
        ],
        true,
        8,
    ));
    let patch = shape.cover(view, layer.width, layer.height);
    let reach = view.scale * 5.0;
    layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.6);
    layer.fill_gradient(
        &shape,
        view,
        (at + p(-38.0, -8.0), colour.shift(0.10, 1.0), 1.0),
        (at + p(38.0, 32.0), colour.shift(-0.14, 1.0), 1.0),
    );
    let ink = colour.ink();
    draw_line(
        layer,
        view,
        &[at + p(-37.0, -4.0), at + p(-16.0, 12.0), at + p(0.0, 18.0), at + p(16.0, 12.0), at + p(37.0, -3.0)],
        Pen::even(ink, 1.6),
    );
    layer.fill(&Outline::ellipse(at + p(0.0, 17.0), 3.6, 3.6, 0.0), view, Rgb::hex("#e7cf94"), 1.0);
}

pub(super) fn fan(layer: &mut Layer, view: &View, design: &Design, at: P) {
    let centre = at + p(-6.0, -52.0);
    draw_line(layer, view, &[at + p(3.0, 30.0), at + p(0.0, 0.0), centre], Pen::even(Rgb::hex("#9c7a4a"), 5.0));
    let sheet = design.palette.second.mix(Rgb::hex("#fbf5e8"), 0.6);
    let disc = Outline::ellipse(centre, 46.0, 42.0, 0.1);
    let patch = disc.cover(view, layer.width, layer.height);
    let reach = view.scale * 5.0;
    layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.5);
    layer.fill_gradient(
        &disc,
        view,
        (centre - p(40.0, 40.0), sheet.shift(0.04, 1.0), 1.0),
        (centre + p(40.0, 40.0), sheet.shift(-0.08, 1.0), 1.0),
    );
    for i in 0..13 {
        let a = core::f32::consts::PI * (1.05 + 0.9 * i as f32 / 12.0);
        draw_line(
            layer,
            view,
            &[centre + p(0.0, 36.0), centre + p(crate::scalar::cos(a) * 44.0, crate::scalar::sin(a) * 40.0)],
            Pen::even(Rgb::hex("#b89b6a"), 0.9).faint(0.45),
        );
    }
    layer.fill(&Outline::ellipse(centre + p(8.0, -6.0), 20.0, 20.0, 0.0), view, design.palette.accent, 0.9);
    let rim: Vec<P> = (0..=30)
        .map(|i| i as f32 / 30.0 * core::f32::consts::TAU)
        .map(|t| centre + p(46.0 * crate::scalar::cos(t), 42.0 * crate::scalar::sin(t)))
        .collect();
    draw_line(layer, view, &rim, Pen::even(design.palette.accent.ink(), 2.0));
}

pub(super) fn bag(layer: &mut Layer, view: &View, at: P, (half, height): (f32, f32), handle: f32, colour: Rgb) {
    let (half, top) = (half * 0.5, at + p(0.0, handle * 0.55));
    let ink = colour.ink();
    for dx in [-0.5, 0.5] {
        let loop_line =
            [top + p(half * (dx - 0.28), 4.0), at + p(half * dx * 0.3, 0.0), top + p(half * (dx + 0.28), 4.0)];
        draw_line(layer, view, &loop_line, Pen::even(ink, 5.2));
        draw_line(layer, view, &loop_line, Pen::even(colour.shift(-0.04, 1.0), 3.4));
    }
    let shape = Outline::polygon(&smooth(
        &[
            top + p(-half, 0.0),
            top + p(0.0, 2.0),
            top + p(half, 0.0),
            top + p(half * 1.12, height * 0.5),
            top + p(half * 1.16, height),
            top + p(0.0, height + 3.0),
            top + p(-half * 1.16, height),
            top + p(-half * 1.12, height * 0.5),
        ],
        true,
        6,
    ));
    let patch = shape.cover(view, layer.width, layer.height);
    let reach = view.scale * 5.0;
    layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.38, 0.45]), 0.55);
    layer.fill_gradient(
        &shape,
        view,
        (top + p(-half, 0.0), colour.shift(0.06, 1.0), 1.0),
        (top + p(half, height), colour.shift(-0.10, 1.0), 1.0),
    );
    draw_line(
        layer,
        view,
        &[
            top + p(-half, 0.0),
            top + p(-half * 1.12, height * 0.5),
            top + p(-half * 1.16, height),
            top + p(0.0, height + 3.0),
            top + p(half * 1.16, height),
            top + p(half * 1.12, height * 0.5),
            top + p(half, 0.0),
        ],
        Pen::even(ink, 1.7).faint(0.85),
    );
    draw_line(
        layer,
        view,
        &[top + p(-half, 0.0), top + p(0.0, 2.0), top + p(half, 0.0)],
        Pen::even(ink, 1.5).faint(0.85),
    );
}
