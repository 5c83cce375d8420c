//! Torso, arms, hands and legs.

use super::body::{Body, HandPose};
use crate::colour::Rgb;
use crate::garment::drape::{Drape, Fold};
use crate::garment::loft::Loft;
use crate::garment::render::{Piece, paint};
use crate::surface::geometry::{P, View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::{Outline, smooth};
use crate::textile::cloth::Cloth;

/// The brush for skin.
pub(crate) struct Skin<'a> {
    pub(crate) cloth: &'a Cloth,
    pub(crate) tone: Rgb,
    pub(crate) ink: Rgb,
}

fn side(index: usize) -> f32 {
    if index == 0 { -1.0 } else { 1.0 }
}

/// The loft of an arm from the shoulder to the wrist.
pub(crate) fn arm(body: &Body, index: usize) -> Loft {
    let (s, e, w) = (body.shoulder[index], body.elbow[index], body.wrist[index]);
    let out = side(index);
    let top = p(s.x - out * 4.0, s.y + 6.0);
    let (l, r) = if index == 0 { (6.0, 9.0) } else { (9.0, 6.0) };
    let spine = [
        (top + p(-out * 12.0, -13.0), 1.5, 3.0),
        (top + p(-out * 3.0, -8.0), l + 4.0, r),
        (top + p(0.0, 6.0), 15.0, 15.0),
        (top.lerp(e, 0.30), 15.0, 14.5),
        (top.lerp(e, 0.66), 12.5, 12.5),
        (top.lerp(e, 0.93), 10.8, 10.8),
        (e.lerp(w, 0.12), 11.2, 11.2),
        (e.lerp(w, 0.34), 11.6, 11.2),
        (e.lerp(w, 0.72), 8.6, 8.6),
        (w, 6.8, 6.8),
    ];
    Loft::tube(&spine)
}

/// The loft of a leg from the hip to the ankle; the calf swells to the outside.
pub(crate) fn leg(body: &Body, index: usize) -> Loft {
    let (h, k, a) = (body.hip[index], body.knee[index], body.ankle[index]);
    let out = side(index);
    let bow = |q: P, amount: f32| p(q.x + out * amount, q.y);
    // The loft runs downwards, so that its left normal points to the viewer's left.
    let widths = |outer: f32, inner: f32| if index == 0 { (outer, inner) } else { (inner, outer) };
    let stop = |q: P, outer: f32, inner: f32| {
        let (l, r) = widths(outer, inner);
        (q, l, r)
    };
    let spine = [
        stop(h, 35.0, 34.0),
        stop(bow(h.lerp(k, 0.28), 3.0), 33.0, 31.0),
        stop(bow(h.lerp(k, 0.62), 3.0), 26.0, 25.0),
        stop(h.lerp(k, 0.92), 19.0, 19.0),
        stop(k.lerp(a, 0.06), 17.6, 18.0),
        stop(k.lerp(a, 0.30), 20.0, 18.6),
        stop(k.lerp(a, 0.62), 14.0, 13.0),
        stop(k.lerp(a, 0.90), 9.0, 9.0),
        stop(a, 9.0, 9.4),
    ];
    Loft::tube(&spine)
}

fn paint_skin(layer: &mut Layer, view: &View, skin: &Skin<'_>, loft: &Loft, span: (f32, f32), lift: f32) {
    let drape = Drape { round: 0.62, wrinkle: 0.0, folds: vec![], seed: 1 };
    let piece = Piece { loft, drape: &drape, cloth: skin.cloth, span, cut: None, within: None };
    paint(layer, view, &piece, lift);
    let pen = Pen { start: 0.5, end: 0.5, ..Pen::tapered(skin.ink, 1.5) }.faint(0.8);
    draw_line(layer, view, &loft.down(-1.0, span.0, span.1), pen);
    draw_line(layer, view, &loft.down(1.0, span.0, span.1), pen);
}

/// Both legs, the one behind first.
pub(crate) fn paint_legs(layer: &mut Layer, view: &View, body: &Body, skin: &Skin<'_>) {
    for index in [1 - body.front_leg, body.front_leg] {
        let loft = leg(body, index);
        paint_skin(layer, view, skin, &loft, (0.0, 1.0), 3.0);
        let knee = body.knee[index];
        let pen = Pen::tapered(skin.ink, 1.1).faint(0.5);
        draw_line(
            layer,
            view,
            &[p(knee.x - 7.0, knee.y - 8.0), p(knee.x - 8.0, knee.y + 3.0), p(knee.x - 3.0, knee.y + 9.0)],
            pen,
        );
        draw_line(layer, view, &[p(knee.x + 8.0, knee.y - 4.0), p(knee.x + 7.0, knee.y + 6.0)], pen);
    }
}

/// Neck and torso, which show at necklines and between pieces.
pub(crate) fn paint_torso(layer: &mut Layer, view: &View, body: &Body, skin: &Skin<'_>) {
    let rows: Vec<_> = [140.0, 150.0, 160.0, 200.0, 214.0, 244.0, 282.0, 330.0, 378.0, 414.0]
        .into_iter()
        .map(|y| body.eased(y, -1.5, 0.0))
        .collect();
    let torso = Loft::through(&rows);
    paint_skin(layer, view, skin, &torso, (0.0, 1.0), 0.0);
    let head = p(body.head_turn * 4.0, 88.0);
    let neck = Outline::blob(&[
        p(head.x - 16.5, head.y),
        p(-16.5, 112.0),
        p(-20.0, 130.0),
        p(-46.0, 143.0),
        p(-58.0, 150.0),
        p(-30.0, 162.0),
        p(0.0, 168.0),
        p(30.0, 162.0),
        p(58.0, 150.0),
        p(46.0, 143.0),
        p(20.0, 130.0),
        p(16.5, 112.0),
        p(head.x + 16.5, head.y),
    ]);
    let deep = skin.tone.times(Rgb([0.84, 0.70, 0.66]));
    layer.fill_gradient(&neck, view, (p(8.0, 104.0), deep, 1.0), (p(-10.0, 140.0), skin.tone, 1.0));
    let pen = Pen::tapered(skin.ink, 1.2).faint(0.5);
    draw_line(layer, view, &[p(-7.0, 149.0), p(-22.0, 151.0), p(-44.0, 147.0)], pen);
    draw_line(layer, view, &[p(7.0, 149.0), p(22.0, 151.0), p(44.0, 147.0)], pen);
    draw_line(layer, view, &[p(13.0, 118.0), p(8.0, 136.0), p(3.0, 147.0)], pen);
    for out in [-1.0, 1.0] {
        draw_line(
            layer,
            view,
            &[p(out * 16.0, 108.0), p(out * 17.0, 122.0), p(out * 24.0, 133.0), p(out * 46.0, 143.0)],
            Pen::tapered(skin.ink, 1.6).faint(0.8),
        );
    }
}

/// An arm with its hand, from a share of its length on.
pub(crate) fn paint_arm(layer: &mut Layer, view: &View, body: &Body, index: usize, skin: &Skin<'_>, from: f32) {
    let loft = arm(body, index);
    paint_skin(layer, view, skin, &loft, (from, 1.0), if from > 0.0 { 3.0 } else { 0.0 });
    let elbow = body.elbow[index];
    let pose = body.hand[index];
    if matches!(pose, HandPose::OnHip | HandPose::Hold) {
        let inward = -side(index);
        draw_line(
            layer,
            view,
            &[p(elbow.x + inward * 9.0, elbow.y - 8.0), p(elbow.x + inward * 4.0, elbow.y - 1.0)],
            Pen::tapered(skin.ink, 1.1).faint(0.6),
        );
    }
    match pose {
        HandPose::Hang => paint_hand(layer, view, body, index, skin, 1.0),
        HandPose::OnHip => paint_hand(layer, view, body, index, skin, 0.86),
        HandPose::Hold => paint_hand(layer, view, body, index, skin, 0.80),
        HandPose::Pocket | HandPose::Behind => {}
    }
}

/// Where the fingers lie: the direction from the wrist.
fn hand_direction(body: &Body, index: usize) -> P {
    let along = (body.wrist[index] - body.elbow[index]).unit();
    match body.hand[index] {
        HandPose::Hang => (along + p(-side(index) * 0.10, 0.25)).unit(),
        HandPose::OnHip => p(-side(index) * 0.55, 0.84).unit(),
        HandPose::Hold => p(-side(index) * 0.92, 0.38).unit(),
        HandPose::Pocket | HandPose::Behind => along,
    }
}

/// Centre of the palm, where bags and flowers hang.
pub(crate) fn grip(body: &Body, index: usize) -> P {
    body.wrist[index] + hand_direction(body, index) * 26.0
}

fn paint_hand(layer: &mut Layer, view: &View, body: &Body, index: usize, skin: &Skin<'_>, size: f32) {
    let (origin, along) = (body.wrist[index], hand_direction(body, index));
    // The thumb side faces the body's front.
    let across = along.normal() * side(index);
    let at = |x: f32, y: f32| origin + along * (x * size) + across * (y * size);
    let map = |points: &[(f32, f32)]| -> Vec<P> { points.iter().map(|(x, y)| at(*x, *y)).collect() };
    let thumb = Outline::blob(&map(&[(6.0, 6.0), (18.0, 11.5), (32.0, 13.5), (35.0, 11.0), (30.0, 8.0), (18.0, 4.0)]));
    let palm = map(&[
        (-6.0, -6.4),
        (4.0, -6.6),
        (16.0, -9.2),
        (30.0, -9.6),
        (42.0, -8.0),
        (54.0, -4.8),
        (60.0, -1.2),
        (58.0, 1.4),
        (48.0, 4.6),
        (40.0, 7.4),
        (30.0, 8.6),
        (16.0, 8.2),
        (4.0, 6.6),
        (-6.0, 6.4),
    ]);
    let outline = Outline::polygon(&smooth(&palm, true, 8));
    let deep = skin.tone.times(Rgb([0.90, 0.78, 0.74]));
    layer.fill_gradient(&thumb, view, (at(4.0, 6.0), skin.tone, 1.0), (at(36.0, 12.0), deep, 1.0));
    layer.fill_gradient(&outline, view, (at(0.0, -6.0), skin.tone, 1.0), (at(58.0, 8.0), deep, 1.0));
    let pen = Pen::tapered(skin.ink, 1.3).faint(0.8);
    draw_line(
        layer,
        view,
        &map(&[(-4.0, -6.6), (16.0, -9.2), (32.0, -9.6), (46.0, -7.2), (58.0, -2.6), (60.0, 0.6)]),
        pen,
    );
    draw_line(layer, view, &map(&[(60.0, 0.6), (50.0, 4.4), (40.0, 7.4), (31.0, 8.7)]), pen);
    draw_line(layer, view, &map(&[(5.0, 7.0), (18.0, 11.6), (32.0, 13.6), (35.5, 11.0), (29.0, 7.8)]), pen);
    for (x0, y0, x1, y1) in [(33.0, -5.0, 57.0, -2.8), (34.0, -0.6, 58.0, 0.0), (34.0, 4.0, 50.0, 3.4)] {
        draw_line(
            layer,
            view,
            &map(&[(x0, y0), ((x0 + x1) * 0.5, (y0 + y1) * 0.5 - 0.4), (x1, y1)]),
            Pen::tapered(skin.ink, 1.0).faint(0.65),
        );
    }
}

/// Creases of a sleeve over the arm's bend.
pub(crate) fn bend_folds(body: &Body, index: usize, depth: f32) -> Vec<Fold> {
    let upper = (body.elbow[index] - body.shoulder[index]).unit();
    let lower = (body.wrist[index] - body.elbow[index]).unit();
    let bend = (1.0 - (upper.x * lower.x + upper.y * lower.y)).clamp(0.0, 1.2);
    vec![Fold::Bend { at: 0.52, reach: 0.20, count: 3.2, slant: 0.8 * side(index), depth: depth * (0.5 + bend) }]
}
