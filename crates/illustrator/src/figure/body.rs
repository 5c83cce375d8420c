//! Poses and the landmarks that garments hang from.

use crate::garment::loft::{Row, row};
use crate::scalar::{mix, smoothstep};
use crate::surface::geometry::{P, p};

/// What a hand does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandPose {
    Hang,
    OnHip,
    Pocket,
    Hold,
    Behind,
}

/// The joints of a posed figure.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) shoulder: [P; 2],
    pub(crate) elbow: [P; 2],
    pub(crate) wrist: [P; 2],
    pub(crate) hand: [HandPose; 2],
    pub(crate) hip: [P; 2],
    pub(crate) knee: [P; 2],
    pub(crate) ankle: [P; 2],
    pub(crate) toe: [P; 2],
    /// Centres of the torso at bust, waist and hip height.
    pub(crate) chest: P,
    pub(crate) waist: P,
    pub(crate) seat: P,
    /// Rise of the hip line per unit to the right.
    pub(crate) hip_slope: f32,
    /// Leg that is drawn in front.
    pub(crate) front_leg: usize,
    pub(crate) head_tilt: f32,
    pub(crate) head_turn: f32,
}

/// Half widths of the torso by height: neck, shoulder, armpit, bust, ribs, waist, high hip, hip, crotch.
const TORSO: [(f32, f32); 10] = [
    (132.0, 23.0),
    (142.0, 40.0),
    (156.0, 70.0),
    (200.0, 58.0),
    (214.0, 59.0),
    (244.0, 48.0),
    (282.0, 40.0),
    (330.0, 57.0),
    (378.0, 67.0),
    (414.0, 66.0),
];

impl Body {
    /// One of the poses; any number is taken modulo their count.
    pub(crate) fn posed(number: usize) -> Self {
        match number % 6 {
            0 => Self::rest(),
            1 => Self::walk(),
            2 => Self::pockets(),
            3 => Self::holding(),
            4 => Self::hands_on_hips(),
            _ => Self::crossed(),
        }
    }

    fn rest() -> Self {
        Self {
            shoulder: [p(-70.0, 151.0), p(70.0, 158.0)],
            elbow: [p(-99.0, 272.0), p(136.0, 262.0)],
            wrist: [p(-110.0, 380.0), p(78.0, 338.0)],
            hand: [HandPose::Hang, HandPose::OnHip],
            hip: [p(-27.0, 402.0), p(47.0, 392.0)],
            knee: [p(-52.0, 612.0), p(37.0, 606.0)],
            ankle: [p(-76.0, 818.0), p(16.0, 830.0)],
            toe: [p(-100.0, 878.0), p(24.0, 898.0)],
            chest: p(1.0, 210.0),
            waist: p(5.0, 282.0),
            seat: p(12.0, 378.0),
            hip_slope: -0.09,
            front_leg: 1,
            head_tilt: -0.05,
            head_turn: -0.30,
        }
    }

    fn walk() -> Self {
        Self {
            shoulder: [p(-71.0, 153.0), p(71.0, 153.0)],
            elbow: [p(-108.0, 268.0), p(100.0, 271.0)],
            wrist: [p(-128.0, 374.0), p(96.0, 380.0)],
            hand: [HandPose::Hang, HandPose::Hang],
            hip: [p(-34.0, 393.0), p(40.0, 399.0)],
            knee: [p(-20.0, 612.0), p(31.0, 602.0)],
            ankle: [p(-4.0, 838.0), p(32.0, 796.0)],
            toe: [p(-2.0, 908.0), p(42.0, 848.0)],
            chest: p(0.0, 210.0),
            waist: p(0.0, 282.0),
            seat: p(2.0, 378.0),
            hip_slope: 0.06,
            front_leg: 0,
            head_tilt: 0.02,
            head_turn: 0.18,
        }
    }

    fn pockets() -> Self {
        Self {
            shoulder: [p(-71.0, 154.0), p(71.0, 152.0)],
            elbow: [p(-118.0, 266.0), p(112.0, 268.0)],
            wrist: [p(-74.0, 362.0), p(72.0, 366.0)],
            hand: [HandPose::Pocket, HandPose::Pocket],
            hip: [p(-39.0, 396.0), p(36.0, 399.0)],
            knee: [p(-33.0, 608.0), p(46.0, 612.0)],
            ankle: [p(-26.0, 832.0), p(66.0, 820.0)],
            toe: [p(-34.0, 900.0), p(92.0, 878.0)],
            chest: p(0.0, 210.0),
            waist: p(-2.0, 282.0),
            seat: p(-4.0, 378.0),
            hip_slope: 0.05,
            front_leg: 0,
            head_tilt: 0.06,
            head_turn: 0.34,
        }
    }

    fn holding() -> Self {
        Self {
            elbow: [p(-112.0, 266.0), p(102.0, 274.0)],
            wrist: [p(-44.0, 318.0), p(112.0, 382.0)],
            hand: [HandPose::Hold, HandPose::Hang],
            head_turn: -0.2,
            head_tilt: 0.05,
            ..Self::rest()
        }
    }

    fn hands_on_hips() -> Self {
        Self {
            shoulder: [p(-71.0, 153.0), p(71.0, 153.0)],
            elbow: [p(-140.0, 258.0), p(140.0, 258.0)],
            wrist: [p(-76.0, 336.0), p(76.0, 336.0)],
            hand: [HandPose::OnHip, HandPose::OnHip],
            hip: [p(-38.0, 397.0), p(38.0, 397.0)],
            knee: [p(-54.0, 610.0), p(52.0, 608.0)],
            ankle: [p(-74.0, 824.0), p(72.0, 826.0)],
            toe: [p(-98.0, 884.0), p(94.0, 888.0)],
            chest: p(0.0, 210.0),
            waist: p(0.0, 282.0),
            seat: p(0.0, 378.0),
            hip_slope: 0.0,
            front_leg: 1,
            head_tilt: -0.03,
            head_turn: 0.0,
        }
    }

    fn crossed() -> Self {
        Self {
            elbow: [p(-104.0, 268.0), p(108.0, 270.0)],
            wrist: [p(-62.0, 352.0), p(70.0, 356.0)],
            hand: [HandPose::Behind, HandPose::Behind],
            knee: [p(-8.0, 612.0), p(36.0, 604.0)],
            ankle: [p(34.0, 828.0), p(2.0, 816.0)],
            toe: [p(52.0, 892.0), p(-18.0, 872.0)],
            front_leg: 0,
            head_tilt: 0.08,
            head_turn: 0.28,
            ..Self::rest()
        }
    }

    /// Brings the feet together, for hems that hold the knees.
    pub(crate) fn narrow(mut self) -> Self {
        let middle = self.seat.x * 0.6;
        let towards = |q: P, share: f32| p(middle + (q.x - middle) * share, q.y);
        for index in [0, 1] {
            self.knee[index] = towards(self.knee[index], 0.52);
            self.ankle[index] = towards(self.ankle[index], 0.36);
            self.toe[index] = towards(self.toe[index], 0.44);
            let out = if index == 0 { -1.0 } else { 1.0 };
            if (self.ankle[1].x - self.ankle[0].x).abs() < 22.0 {
                self.ankle[index].x += out * 8.0;
                self.toe[index].x += out * 10.0;
            }
        }
        self
    }

    /// Centre line of the torso, and below it of a skirt, at a height.
    pub(crate) fn centre(&self, y: f32) -> P {
        let feet = (self.ankle[0].x + self.ankle[1].x) * 0.5;
        let x = if y < self.chest.y {
            mix(0.0, self.chest.x, smoothstep(120.0, 210.0, y))
        } else if y < self.waist.y {
            mix(self.chest.x, self.waist.x, smoothstep(210.0, 282.0, y))
        } else if y < self.seat.y {
            mix(self.waist.x, self.seat.x, smoothstep(282.0, 378.0, y))
        } else {
            mix(self.seat.x, mix(self.seat.x, feet, 0.45), smoothstep(378.0, 860.0, y))
        };
        p(x, y)
    }

    fn slope(&self, y: f32) -> f32 {
        let [left, right] = self.shoulder;
        let shoulders = (right.y - left.y) / (right.x - left.x);
        let hips = self.hip_slope;
        if y < 282.0 {
            mix(shoulders, hips * 0.4, smoothstep(160.0, 282.0, y))
        } else if y < 400.0 {
            mix(hips * 0.4, hips, smoothstep(282.0, 378.0, y))
        } else {
            mix(hips, hips * 0.25, smoothstep(400.0, 760.0, y))
        }
    }

    /// Half width of the body at a height.
    pub(crate) fn half(&self, y: f32) -> f32 {
        let mut last = TORSO[0];
        for stop in TORSO {
            if y < stop.0 {
                let t = ((y - last.0) / (stop.0 - last.0).max(0.1)).clamp(0.0, 1.0);
                return mix(last.1, stop.1, t);
            }
            last = stop;
        }
        last.1
    }

    /// A row across the body at a height, with a half width and a sag.
    pub(crate) fn row(&self, y: f32, half: f32, sag: f32) -> Row {
        let (centre, slope) = (self.centre(y), self.slope(y));
        row(p(centre.x - half, centre.y - slope * half), p(centre.x + half, centre.y + slope * half), sag)
    }

    /// A row that clears the body by `ease` on each side.
    pub(crate) fn eased(&self, y: f32, ease: f32, sag: f32) -> Row {
        self.row(y, self.half(y) + ease, sag)
    }

    /// A point on the front of the body: `across` units right of the centre line.
    pub(crate) fn front(&self, across: f32, y: f32) -> P {
        let (centre, slope) = (self.centre(y), self.slope(y));
        p(centre.x + across, centre.y + slope * across)
    }
}
