//! Hair: a mass behind the head, a mass on the crown, and strands.

use super::body::Body;
use super::face::head_map;
use crate::colour::Rgb;
use crate::dice::Dice;
use crate::reading::HairStyle;
use crate::surface::{Layer, Outline, P, Pen, View, draw_line, draw_line_within};

/// Paint for hair.
pub(crate) struct Hair {
    pub(crate) style: HairStyle,
    pub(crate) colour: Rgb,
    pub(crate) seed: u64,
}

type Shape = Vec<(f32, f32)>;

/// Masses behind the shoulders, neck and head, farthest first.
fn behind(style: HairStyle) -> Vec<Shape> {
    match style {
        HairStyle::Pixie => vec![vec![
            (-30.0, 20.0),
            (-37.0, 45.0),
            (-30.0, 78.0),
            (-18.0, 96.0),
            (18.0, 96.0),
            (30.0, 78.0),
            (37.0, 45.0),
            (30.0, 20.0),
            (0.0, 0.0),
        ]],
        HairStyle::Bob => vec![vec![
            (-28.0, 8.0),
            (-42.0, 36.0),
            (-45.0, 74.0),
            (-44.0, 104.0),
            (-26.0, 110.0),
            (0.0, 106.0),
            (26.0, 110.0),
            (44.0, 104.0),
            (45.0, 74.0),
            (42.0, 36.0),
            (28.0, 8.0),
            (0.0, -4.0),
        ]],
        HairStyle::Long => vec![vec![
            (-28.0, 8.0),
            (-41.0, 38.0),
            (-44.0, 92.0),
            (-50.0, 160.0),
            (-48.0, 226.0),
            (-34.0, 250.0),
            (-10.0, 190.0),
            (0.0, 150.0),
            (10.0, 190.0),
            (34.0, 246.0),
            (47.0, 222.0),
            (49.0, 160.0),
            (44.0, 92.0),
            (41.0, 38.0),
            (28.0, 8.0),
            (0.0, -4.0),
        ]],
        HairStyle::Wavy => vec![vec![
            (-28.0, 6.0),
            (-45.0, 36.0),
            (-44.0, 70.0),
            (-56.0, 104.0),
            (-50.0, 140.0),
            (-62.0, 176.0),
            (-50.0, 216.0),
            (-30.0, 222.0),
            (-8.0, 170.0),
            (8.0, 170.0),
            (28.0, 222.0),
            (52.0, 214.0),
            (60.0, 176.0),
            (50.0, 140.0),
            (57.0, 104.0),
            (45.0, 70.0),
            (45.0, 36.0),
            (28.0, 6.0),
            (0.0, -6.0),
        ]],
        HairStyle::LowBun => vec![
            vec![
                (-30.0, 98.0),
                (-24.0, 86.0),
                (0.0, 80.0),
                (24.0, 86.0),
                (31.0, 98.0),
                (26.0, 116.0),
                (0.0, 122.0),
                (-26.0, 114.0),
            ],
            cap_back(),
        ],
        HairStyle::TopBun => vec![
            vec![(-20.0, -10.0), (-18.0, -26.0), (0.0, -34.0), (19.0, -26.0), (21.0, -9.0), (12.0, 4.0), (-12.0, 4.0)],
            cap_back(),
        ],
        HairStyle::Ponytail => vec![
            vec![
                (14.0, 4.0),
                (34.0, -4.0),
                (52.0, 14.0),
                (58.0, 60.0),
                (64.0, 120.0),
                (56.0, 176.0),
                (46.0, 196.0),
                (44.0, 150.0),
                (40.0, 96.0),
                (34.0, 50.0),
                (24.0, 24.0),
            ],
            cap_back(),
        ],
        HairStyle::Braid => vec![cap_back()],
    }
}

fn cap_back() -> Shape {
    vec![
        (-26.0, 8.0),
        (-37.0, 34.0),
        (-36.0, 62.0),
        (-26.0, 88.0),
        (0.0, 96.0),
        (26.0, 88.0),
        (36.0, 62.0),
        (37.0, 34.0),
        (26.0, 8.0),
        (0.0, -5.0),
    ]
}

/// Masses in front of the forehead and beside the face.
fn before(style: HairStyle, part: f32) -> Vec<Shape> {
    let left = |low: f32, out: f32| -> Shape {
        vec![
            (part, -5.0),
            (-18.0, -3.0),
            (-34.0, 12.0),
            (-40.0, 38.0),
            (-out, low * 0.75),
            (-out + 2.0, low),
            (-out + 11.0, low - 3.0),
            (-32.0, low * 0.66),
            (-30.5, 46.0),
            (-25.0, 30.0),
            (-10.0 + part * 0.6, 17.0),
            (part, 12.0),
        ]
    };
    let right = |low: f32, out: f32| -> Shape {
        vec![
            (part, -5.0),
            (18.0, -3.0),
            (34.0, 12.0),
            (40.0, 38.0),
            (out, low * 0.75),
            (out - 2.0, low),
            (out - 11.0, low - 3.0),
            (32.0, low * 0.66),
            (30.5, 46.0),
            (26.0, 30.0),
            (14.0 + part * 0.6, 18.0),
            (part, 12.0),
        ]
    };
    match style {
        HairStyle::Bob => vec![vec![
            (-28.0, 2.0),
            (-42.0, 32.0),
            (-45.0, 74.0),
            (-44.0, 104.0),
            (-30.0, 102.0),
            (-29.0, 70.0),
            (-29.0, 44.0),
            (-15.0, 37.0),
            (0.0, 36.0),
            (15.0, 37.0),
            (29.0, 44.0),
            (29.0, 70.0),
            (30.0, 102.0),
            (44.0, 104.0),
            (45.0, 74.0),
            (42.0, 32.0),
            (28.0, 2.0),
            (0.0, -7.0),
        ]],
        HairStyle::Pixie => vec![vec![
            (part, -6.0),
            (-20.0, -2.0),
            (-36.0, 16.0),
            (-38.0, 44.0),
            (-34.0, 66.0),
            (-30.0, 60.0),
            (-30.0, 42.0),
            (-22.0, 28.0),
            (4.0, 26.0),
            (24.0, 34.0),
            (31.0, 46.0),
            (31.0, 62.0),
            (35.0, 64.0),
            (38.0, 42.0),
            (36.0, 16.0),
            (22.0, -2.0),
        ]],
        HairStyle::Long => vec![left(128.0, 45.0), right(128.0, 45.0)],
        HairStyle::Wavy => vec![left(116.0, 50.0), right(112.0, 50.0)],
        HairStyle::LowBun | HairStyle::TopBun | HairStyle::Ponytail => vec![left(60.0, 37.0), right(58.0, 37.0)],
        HairStyle::Braid => vec![
            left(70.0, 38.0),
            right(66.0, 38.0),
            vec![
                (-34.0, 66.0),
                (-40.0, 92.0),
                (-47.0, 122.0),
                (-46.0, 156.0),
                (-47.0, 190.0),
                (-40.0, 214.0),
                (-31.0, 192.0),
                (-30.0, 156.0),
                (-31.0, 122.0),
                (-27.0, 88.0),
            ],
        ],
    }
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
    within: &crate::surface::Patch,
    dark: f32,
) {
    let mut dice = Dice::new(hair.seed, "strands");
    let (low, high) = shape.iter().fold((999.0_f32, -999.0_f32), |(a, b), (x, _)| (a.min(*x), b.max(*x)));
    let (top, bottom) = shape.iter().fold((999.0_f32, -999.0_f32), |(a, b), (_, y)| (a.min(*y), b.max(*y)));
    let wave = if hair.style == HairStyle::Wavy { 5.0 } else { 1.0 };
    for _ in 0..46 {
        let x = dice.range(low, high);
        let start = dice.range(top, top + (bottom - top) * 0.6);
        let end = start + dice.range(0.25, 0.7) * (bottom - top);
        let spread = x * 0.55;
        let colour = if dice.chance(0.5) { hair.colour.shift(0.13 - dark, 1.1) } else { hair.colour.ink() };
        let points: Vec<P> = (0..=6)
            .map(|i| {
                let t = i as f32 / 6.0;
                let y = start + (end - start) * t;
                let open = crate::scalar::smoothstep(-6.0, 45.0, y);
                at(spread + (x - spread) * open + wave * crate::scalar::sin(y * 0.11 + x * 0.05), y)
            })
            .collect();
        draw_line_within(layer, view, &points, Pen::tapered(colour, dice.range(0.8, 1.8)).faint(0.5), within);
    }
}

/// Hair behind the body.
pub(crate) fn paint_behind(layer: &mut Layer, view: &View, body: &Body, hair: &Hair) {
    let at = head_map(body);
    for shape in behind(hair.style) {
        paint_shape(layer, view, &at, &shape, hair, 0.03);
    }
}

/// Hair in front of the face.
pub(crate) fn paint_before(layer: &mut Layer, view: &View, body: &Body, hair: &Hair) {
    let at = head_map(body);
    let part = if body.head_turn < 0.0 { 8.0 } else { -8.0 };
    for shape in before(hair.style, part) {
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
