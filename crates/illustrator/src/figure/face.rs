//! Head and face, suggested with few lines.

use super::body::Body;
use super::limbs::Skin;
use crate::colour::Rgb;
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;

/// Maps head coordinates (crown at `y` 0, chin at 100, `x` from the middle) to the figure.
pub(crate) fn head_map(body: &Body) -> impl Fn(f32, f32) -> P {
    let (tilt, turn) = (body.head_tilt, body.head_turn);
    move |x, y| {
        let pivot = p(0.0, 118.0);
        // A croquis head drawn a tenth larger carries the face better.
        let grown = p((x + turn * 3.0) * 1.10, 102.0 - (102.0 - y) * 1.10);
        pivot + (grown - pivot).rotate(tilt)
    }
}

/// Paints the head without hair.
pub(crate) fn paint_head(layer: &mut Layer, view: &View, body: &Body, skin: &Skin<'_>, lip: Rgb) {
    let at = head_map(body);
    let turn = body.head_turn;
    let jaw = |side: f32| if side * turn > 0.0 { 1.0 - 0.10 * turn.abs() } else { 1.0 };
    let (l, r) = (jaw(-1.0), jaw(1.0));
    let face = Outline::blob(&[
        at(0.0, 2.0),
        at(-22.0 * l, 8.0),
        at(-33.0 * l, 28.0),
        at(-33.5 * l, 50.0),
        at(-29.5 * l, 70.0),
        at(-20.0 * l + turn * 2.0, 87.0),
        at(-8.0 + turn * 4.0, 98.5),
        at(turn * 5.0, 100.0),
        at(8.0 + turn * 4.0, 98.5),
        at(20.0 * r + turn * 2.0, 87.0),
        at(29.5 * r, 70.0),
        at(33.5 * r, 50.0),
        at(33.0 * r, 28.0),
        at(22.0 * r, 8.0),
    ]);
    let patch = face.cover(view, layer.width, layer.height);
    layer.shade_below(&patch, (view.scale * 3.0, view.scale * 9.0), view.scale * 5.0, Rgb([0.66, 0.46, 0.42]), 0.8);
    let warm = skin.tone.times(Rgb([0.86, 0.71, 0.67]));
    let lit = skin.tone.mix(Rgb([1.0, 0.97, 0.94]), 0.18);
    layer.fill_gradient(&face, view, (at(-18.0, 30.0), lit, 1.0), (at(40.0, 86.0), warm, 1.0));
    blush(layer, view, &at, turn, skin);
    let pen = Pen { start: 0.3, end: 0.4, ..Pen::tapered(skin.ink, 1.7) }.faint(0.85);
    draw_line(
        layer,
        view,
        &[
            at(-33.5 * l, 46.0),
            at(-29.5 * l, 70.0),
            at(-20.0 * l + turn * 2.0, 87.0),
            at(-8.0 + turn * 4.0, 98.5),
            at(turn * 5.0, 100.2),
            at(8.0 + turn * 4.0, 98.5),
            at(20.0 * r + turn * 2.0, 87.0),
            at(29.5 * r, 70.0),
            at(33.5 * r, 46.0),
        ],
        pen,
    );
    for side in [-1.0, 1.0] {
        paint_eye(layer, view, &at, turn, side, skin);
    }
    paint_nose_and_mouth(layer, view, &at, turn, skin, lip);
}

fn blush(layer: &mut Layer, view: &View, at: &impl Fn(f32, f32) -> P, turn: f32, skin: &Skin<'_>) {
    let rose = skin.tone.mix(Rgb::hex("#e0706a"), 0.5);
    for side in [-1.0, 1.0] {
        let cheek = Outline::ellipse(at(side * 19.0 + turn * 9.0, 69.0), 8.0, 5.0, 0.0);
        let patch = cheek.cover(view, layer.width, layer.height);
        layer.glow(&patch, view.scale * 3.2, rose, 0.42);
    }
}

/// One eye: the lash line carries it.
fn paint_eye(layer: &mut Layer, view: &View, at: &impl Fn(f32, f32) -> P, turn: f32, side: f32, skin: &Skin<'_>) {
    let narrow = if side * turn > 0.0 { 1.0 - 0.28 * turn.abs() } else { 1.0 };
    let cx = side * 14.8 * narrow + turn * 9.0;
    // `q` runs from the inner to the outer corner.
    let q = |along: f32, y: f32| at(cx + side * along * narrow, y);
    let dark = Rgb::hex("#2a1d1c");
    let white = Outline::blob(&[q(-7.0, 55.2), q(-3.0, 52.0), q(2.0, 51.2), q(7.6, 53.4), q(3.0, 57.4), q(-3.0, 57.6)]);
    layer.fill(&white, view, Rgb([0.97, 0.95, 0.93]), 0.9);
    let iris = Outline::ellipse(at(cx + turn * 1.2, 54.3), 3.6 * narrow.max(0.85), 4.2, 0.0);
    let mut patch = iris.cover(view, layer.width, layer.height);
    patch.intersect(&white.cover(view, layer.width, layer.height));
    layer.paint(&patch, |_, _| (Rgb::hex("#4a2f26"), 1.0));
    layer.fill(&Outline::ellipse(at(cx + turn * 1.2 - 1.1, 53.0), 1.0, 1.0, 0.0), view, Rgb([1.0; 3]), 0.9);
    let lash = Pen { colour: dark, opacity: 1.0, width: 2.7, start: 0.35, end: 0.7 };
    draw_line(layer, view, &[q(-7.2, 55.4), q(-3.0, 51.9), q(2.0, 50.9), q(7.0, 52.6), q(10.2, 50.4)], lash);
    draw_line(layer, view, &[q(-5.0, 48.6), q(1.0, 46.8), q(7.0, 48.4)], Pen::tapered(skin.ink, 1.0).faint(0.6));
    draw_line(layer, view, &[q(-1.0, 58.2), q(4.0, 57.6), q(7.4, 54.8)], Pen::tapered(skin.ink, 0.9).faint(0.55));
    let brow = Pen { colour: dark.mix(skin.ink, 0.35), opacity: 0.85, width: 2.5, start: 0.7, end: 0.1 };
    draw_line(layer, view, &[q(-7.8, 42.6), q(-1.0, 39.6), q(5.0, 38.8), q(11.0, 42.0)], brow);
}

fn paint_nose_and_mouth(
    layer: &mut Layer,
    view: &View,
    at: &impl Fn(f32, f32) -> P,
    turn: f32,
    skin: &Skin<'_>,
    lip: Rgb,
) {
    let n = turn * 12.0;
    let pen = Pen::tapered(skin.ink, 1.2).faint(0.62);
    let edge = if turn < 0.0 { -1.0 } else { 1.0 };
    draw_line(
        layer,
        view,
        &[at(n * 0.7 + edge * 2.6, 58.0), at(n + edge * 3.4, 67.0), at(n + edge * 3.6, 71.4)],
        Pen::tapered(skin.ink, 0.9).faint(0.35),
    );
    draw_line(layer, view, &[at(n - 4.0, 72.0), at(n - 1.4, 73.6), at(n + 1.4, 73.6), at(n + 4.0, 72.0)], pen);
    let m = turn * 10.0;
    let upper = Outline::blob(&[
        at(m - 9.4, 82.6),
        at(m - 3.2, 79.8),
        at(m, 80.9),
        at(m + 3.2, 79.8),
        at(m + 9.4, 82.6),
        at(m + 3.0, 83.3),
        at(m, 83.6),
        at(m - 3.0, 83.3),
    ]);
    let lower = Outline::blob(&[
        at(m - 8.4, 83.0),
        at(m - 3.0, 83.6),
        at(m, 83.9),
        at(m + 3.0, 83.6),
        at(m + 8.4, 83.0),
        at(m + 4.4, 87.4),
        at(m, 88.6),
        at(m - 4.4, 87.4),
    ]);
    layer.fill(&upper, view, lip.shift(-0.08, 1.0), 0.92);
    layer.fill(&lower, view, lip, 0.88);
    layer.fill(&Outline::ellipse(at(m - 1.6, 85.8), 2.6, 0.9, 0.0), view, Rgb([1.0, 0.94, 0.92]), 0.45);
    draw_line(
        layer,
        view,
        &[at(m - 9.6, 82.5), at(m - 3.0, 83.4), at(m, 83.0), at(m + 3.0, 83.4), at(m + 9.6, 82.5)],
        Pen::tapered(lip.ink(), 1.1).faint(0.75),
    );
    draw_line(
        layer,
        view,
        &[at(m - 3.2, 92.0), at(m, 92.6), at(m + 3.2, 92.0)],
        Pen::tapered(skin.ink, 0.9).faint(0.35),
    );
}
