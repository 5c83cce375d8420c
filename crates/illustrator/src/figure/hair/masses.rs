//! The masses of each hairstyle, as outlines in head units.

use crate::reading::design::HairStyle;

/// An outline in head units.
pub(super) type Shape = Vec<(f32, f32)>;

type Mass = &'static [(f32, f32)];

const PIXIE_BEHIND: Mass = &[
    (-30.0, 20.0),
    (-37.0, 45.0),
    (-30.0, 78.0),
    (-18.0, 96.0),
    (18.0, 96.0),
    (30.0, 78.0),
    (37.0, 45.0),
    (30.0, 20.0),
    (0.0, 0.0),
];
const BOB_BEHIND: Mass = &[
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
];
const LONG_BEHIND: Mass = &[
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
];
const WAVY_BEHIND: Mass = &[
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
];
const LOW_BUN: Mass = &[
    (-30.0, 98.0),
    (-24.0, 86.0),
    (0.0, 80.0),
    (24.0, 86.0),
    (31.0, 98.0),
    (26.0, 116.0),
    (0.0, 122.0),
    (-26.0, 114.0),
];
const TOP_BUN: Mass =
    &[(-20.0, -10.0), (-18.0, -26.0), (0.0, -34.0), (19.0, -26.0), (21.0, -9.0), (12.0, 4.0), (-12.0, 4.0)];
const TAIL: Mass = &[
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
];
const CAP_BACK: Mass = &[
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
];
const BOB_BEFORE: Mass = &[
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
];
const BRAID: Mass = &[
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
];

/// Masses behind the shoulders, neck and head, farthest first.
pub(super) fn behind(style: HairStyle) -> Vec<Shape> {
    let masses: &[Mass] = match style {
        HairStyle::Pixie => &[PIXIE_BEHIND],
        HairStyle::Bob => &[BOB_BEHIND],
        HairStyle::Long => &[LONG_BEHIND],
        HairStyle::Wavy => &[WAVY_BEHIND],
        HairStyle::LowBun => &[LOW_BUN, CAP_BACK],
        HairStyle::TopBun => &[TOP_BUN, CAP_BACK],
        HairStyle::Ponytail => &[TAIL, CAP_BACK],
        HairStyle::Braid => &[CAP_BACK],
    };
    masses.iter().map(|mass| mass.to_vec()).collect()
}

/// Masses in front of the forehead and beside the face.
pub(super) fn before(style: HairStyle, part: f32) -> Vec<Shape> {
    match style {
        HairStyle::Bob => vec![BOB_BEFORE.to_vec()],
        HairStyle::Pixie => vec![fringe(part)],
        HairStyle::Long => vec![left(part, 128.0, 45.0), right(part, 128.0, 45.0)],
        HairStyle::Wavy => vec![left(part, 116.0, 50.0), right(part, 112.0, 50.0)],
        HairStyle::LowBun | HairStyle::TopBun | HairStyle::Ponytail => {
            vec![left(part, 60.0, 37.0), right(part, 58.0, 37.0)]
        }
        HairStyle::Braid => vec![left(part, 70.0, 38.0), right(part, 66.0, 38.0), BRAID.to_vec()],
    }
}

fn fringe(part: f32) -> Shape {
    vec![
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
    ]
}

/// The lock left of the parting: how low it hangs, and how far out.
fn left(part: f32, low: f32, out: f32) -> Shape {
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
}

fn right(part: f32, low: f32, out: f32) -> Shape {
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
}
