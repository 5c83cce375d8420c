//! Bodices, necklines, collars and sleeves.

use super::drape::Fold;
use super::loft::{Loft, row};
use super::tailor::{From, Tailor};
use crate::figure::limbs::{arm, bend_folds};
use crate::surface::geometry::{P, p};
use crate::surface::outline::Outline;

/// The opening at the neck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Neck {
    Round,
    Vee,
    Boat,
    Square,
    High,
    Shirt,
    Sweetheart,
}

/// A sleeve: length as a share of the arm, width in units around the arm, fullness at the cap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sleeve {
    pub(crate) length: f32,
    pub(crate) ease: f32,
    pub(crate) flare: f32,
    pub(crate) puff: f32,
    pub(crate) cuff: bool,
}

/// Room between cloth and body at shoulder, bust, waist and hip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ease {
    pub(crate) shoulder: f32,
    pub(crate) bust: f32,
    pub(crate) waist: f32,
    pub(crate) hip: f32,
}

/// The opening's outline in figure units.
pub(crate) fn neck_outline(neck: Neck) -> Option<Outline> {
    let shape = |points: &[(f32, f32)]| {
        Some(Outline::polygon(&crate::surface::outline::smooth(
            &points.iter().map(|(x, y)| p(*x, *y)).collect::<Vec<P>>(),
            true,
            8,
        )))
    };
    match neck {
        Neck::Round => Some(Outline::ellipse(p(0.0, 138.0), 31.0, 27.0, 0.0)),
        Neck::Boat => Some(Outline::ellipse(p(0.0, 138.0), 52.0, 17.0, 0.0)),
        Neck::Vee | Neck::Shirt => {
            let depth = if neck == Neck::Vee { 206.0 } else { 182.0 };
            Some(Outline::polygon(&[p(-27.0, 125.0), p(-22.0, 148.0), p(0.0, depth), p(22.0, 148.0), p(27.0, 125.0)]))
        }
        Neck::Square => Some(Outline::polygon(&[p(-38.0, 120.0), p(-37.0, 182.0), p(37.0, 182.0), p(38.0, 120.0)])),
        Neck::Sweetheart => shape(&[
            (-96.0, 110.0),
            (-96.0, 172.0),
            (-58.0, 184.0),
            (-34.0, 178.0),
            (-14.0, 184.0),
            (0.0, 194.0),
            (14.0, 184.0),
            (34.0, 178.0),
            (58.0, 184.0),
            (96.0, 172.0),
            (96.0, 110.0),
        ]),
        Neck::High => None,
    }
}

/// Rows of a bodice down to a height.
pub(crate) fn bodice_rows(a: &Tailor<'_>, ease: Ease, to: f32) -> Vec<super::loft::Row> {
    let b = a.body;
    let mut rows = vec![
        b.row(136.0, 26.0, 0.0),
        b.row(143.0, 46.0, 0.0),
        b.row(154.0, 70.0 + ease.shoulder, 0.0),
        b.row(178.0, 64.0 + ease.shoulder * 0.6 + ease.bust * 0.4, 1.0),
        b.eased(204.0, 2.0 + ease.bust, 2.0),
    ];
    let stops = [
        (214.0, ease.bust + 2.0),
        (244.0, ease.bust * 0.55 + ease.waist * 0.45),
        (282.0, ease.waist),
        (330.0, ease.waist * 0.4 + ease.hip * 0.6),
        (378.0, ease.hip),
        (414.0, ease.hip),
    ];
    for (y, room) in stops {
        if y < to - 8.0 {
            rows.push(b.eased(y, room, 3.0 + (y - 204.0) * 0.02));
        }
    }
    let room = if to < 300.0 { ease.waist } else { ease.hip };
    rows.push(b.eased(to, room, 5.0));
    rows
}

/// Pulls and bust shaping of a close bodice.
pub(crate) fn bodice_folds(strength: f32) -> Vec<Fold> {
    vec![
        Fold::Drag { from: (-0.45, 0.42), to: (-0.75, 0.95), width: 7.0, depth: 1.4 * strength },
        Fold::Drag { from: (0.45, 0.42), to: (0.70, 0.95), width: 7.0, depth: 1.4 * strength },
        Fold::Drag { from: (-0.95, 0.30), to: (-0.35, 0.46), width: 5.0, depth: 1.0 * strength },
        Fold::Drag { from: (0.95, 0.30), to: (0.35, 0.46), width: 5.0, depth: 1.0 * strength },
    ]
}

impl Tailor<'_> {
    /// Sews the two sleeves.
    pub(crate) fn sleeves(&mut self, sleeve: Sleeve, from: From) {
        self.hands_to_front();
        for index in [0, 1] {
            self.sleeve(index, sleeve, from);
        }
    }

    fn sleeve(&mut self, index: usize, s: Sleeve, from: From) {
        if s.length <= 0.02 {
            return;
        }
        let loft = self.sleeve_loft(index, s);
        let bend = if s.length > 0.55 { bend_folds(self.body, index, 2.6 + s.ease * 0.12) } else { vec![] };
        let mut folds = bend;
        if s.puff > 0.0 {
            folds.push(Fold::Gather { at: 0.0, reach: 0.7, count: 9.0, depth: 2.6 });
            folds.push(Fold::Gather { at: 1.0, reach: -0.6, count: 9.0, depth: 2.4 });
        } else {
            folds.push(Fold::Drag { from: (-0.5, 0.02), to: (0.3, 0.26), width: 7.0, depth: 1.5 });
            folds.push(Fold::Stack {
                from: 0.72,
                count: 9.0,
                depth: if s.length > 0.8 { 1.0 + s.ease * 0.08 } else { 0.3 },
            });
        }
        if s.flare > 8.0 {
            folds.push(Fold::Flare { count: 3.0, from: 0.35, depth: 3.2, phase: index as f32 });
        }
        let drape = self.drape(0.85, folds);
        self.sew(&loft, &drape, from, None, 4.0);
        self.line(&loft.across(0.0, -0.9, 0.9), 1.5, 0.7, from);
        if s.cuff {
            self.line(&loft.across(0.93, -0.98, 0.98), 1.4, 0.75, from);
        } else {
            self.hem_stitch(&loft, 0.96, from);
        }
        if s.puff > 0.0 {
            self.fold_lines(&loft, 4.0, 0.3, 0.55, from);
        }
    }

    fn sleeve_loft(&self, index: usize, s: Sleeve) -> Loft {
        let guide = arm(self.body, index);
        let out = if index == 0 { -1.0 } else { 1.0 };
        let shoulder = self.body.shoulder[index];
        let tip = p(shoulder.x + out * (s.ease * 0.55 - 3.0), shoulder.y + 1.0 + s.ease * 0.1 - s.puff * 0.25);
        let pit = p(shoulder.x - out * 11.0, shoulder.y + 47.0 + s.ease * 0.5);
        let (l, r) = if index == 0 { (tip, pit) } else { (pit, tip) };
        let mut rows = vec![row(l, r, 0.0)];
        for step in 1..=6 {
            let t = step as f32 / 6.0;
            let v = (0.12 + (s.length - 0.12).max(0.06) * t).min(1.0);
            let (a, b) = (guide.at(-1.0, v), guide.at(1.0, v));
            let swell = s.puff * crate::scalar::sin(t * core::f32::consts::PI) * 1.1;
            let room = s.ease + s.flare * t * t + swell;
            let room = if s.cuff && step == 6 { room * 0.35 } else { room };
            let across = (b - a).unit();
            rows.push(row(a - across * room, b + across * room, 1.5));
        }
        Loft::through(&rows)
    }

    /// A band around the neck, for high collars.
    pub(crate) fn neck_band(&mut self, top: f32, from: From) {
        let rows = [
            row(p(-19.5, top), p(19.5, top), 3.0),
            row(p(-20.0, 128.0), p(20.0, 128.0), 4.0),
            row(p(-25.0, 141.0), p(25.0, 141.0), 6.0),
        ];
        let loft = Loft::through(&rows);
        let drape = self.drape(0.8, vec![Fold::Stack { from: 0.0, count: 3.0, depth: 1.0 }]);
        self.sew(&loft, &drape, from, None, 2.0);
        self.line(&loft.across(0.0, -1.0, 1.0), 1.6, 0.8, from);
    }

    /// A line around the neck opening.
    pub(crate) fn neck_edge(&mut self, neck: Neck, from: From) {
        let b = self.body;
        let line: Vec<P> = match neck {
            Neck::Round => (0..=20)
                .map(|i| 0.12 + i as f32 / 20.0 * 2.90)
                .map(|t| p(31.5 * crate::scalar::cos(t), 138.0 + 27.5 * crate::scalar::sin(t)))
                .collect(),
            Neck::Boat => (0..=20)
                .map(|i| 0.35 + i as f32 / 20.0 * 2.44)
                .map(|t| p(52.0 * crate::scalar::cos(t), 138.0 + 17.5 * crate::scalar::sin(t)))
                .collect(),
            Neck::Vee => vec![
                p(-24.0, 139.0),
                p(-22.0, 148.0),
                p(-11.0, 177.0),
                p(0.0, 206.0),
                p(11.0, 177.0),
                p(22.0, 148.0),
                p(24.0, 139.0),
            ],
            Neck::Square => vec![
                p(-38.0, 141.0),
                p(-37.5, 165.0),
                p(-37.0, 182.0),
                p(-20.0, 182.5),
                p(20.0, 182.5),
                p(37.0, 182.0),
                p(37.5, 165.0),
                p(38.0, 141.0),
            ],
            Neck::Sweetheart => vec![
                b.front(-60.0, 184.0),
                p(-34.0, 178.0),
                p(-14.0, 184.0),
                p(0.0, 194.0),
                p(14.0, 184.0),
                p(34.0, 178.0),
                b.front(60.0, 184.0),
            ],
            Neck::High | Neck::Shirt => return,
        };
        self.line(&line, 2.0, 0.85, from);
    }

    /// A pointed shirt collar with its stand.
    pub(crate) fn shirt_collar(&mut self, from: From) {
        let colour = match from {
            From::Main => self.design.palette.main,
            From::Second => self.design.palette.second,
            From::Accent => self.design.palette.accent,
        };
        let ink = self.ink(from);
        for side in [-1.0, 1.0] {
            let wing = Outline::polygon(&[
                p(side * 19.0, 122.0),
                p(side * 30.0, 138.0),
                p(side * 41.0, 162.0),
                p(side * 20.0, 176.0),
                p(side * 2.0, 164.0),
                p(side * 12.0, 146.0),
            ]);
            let patch = wing.cover(&self.view, self.layer.width, self.layer.height);
            let reach = self.view.scale * 3.0;
            self.layer.shade_below(&patch, (reach * 0.6, reach), reach, crate::colour::Rgb([0.45, 0.40, 0.46]), 0.6);
            let lit = colour.shift(if side < 0.0 { 0.05 } else { -0.01 }, 1.0);
            self.layer.fill_gradient(
                &wing,
                &self.view,
                (p(-30.0, 130.0), lit, 1.0),
                (p(30.0, 180.0), colour.shift(-0.07, 1.0), 1.0),
            );
            let edge = [p(side * 19.0, 122.0), p(side * 30.0, 138.0), p(side * 41.0, 162.0)];
            crate::surface::ink::draw_line(self.layer, &self.view, &edge, crate::surface::ink::Pen::even(ink, 1.5));
            let edge = [p(side * 41.0, 162.0), p(side * 30.0, 169.0), p(side * 20.0, 176.0)];
            crate::surface::ink::draw_line(self.layer, &self.view, &edge, crate::surface::ink::Pen::even(ink, 1.6));
            let edge = [p(side * 20.0, 176.0), p(side * 11.0, 170.0), p(side * 2.0, 164.0)];
            crate::surface::ink::draw_line(self.layer, &self.view, &edge, crate::surface::ink::Pen::even(ink, 1.6));
        }
    }
}
