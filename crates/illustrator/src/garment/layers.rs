//! Cuts made of several garments: wraps, coats, suits, tiers, capes.

use super::cut::BARE;
use super::drape::Fold;
use super::loft::{Loft, row};
use super::lower::{Legs, Skirt};
use super::tailor::{From, Tailor};
use super::upper::{Ease, Neck, Sleeve};
use crate::reading::answers::Season;
use crate::reading::design::HairStyle;
use crate::reading::extra::Sleeves;
use crate::surface::geometry::{P, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::outline::Outline;

impl Tailor<'_> {
    pub(super) fn mini(&mut self) {
        let hem = if self.design.details.longer { 540.0 } else { 484.0 };
        self.skirt(
            Skirt { top: 284.0, top_ease: 3.0, hem, half: 112.0, flare: 4.0, folds: 5.0, gather: 0.0, pleats: 0.0 },
            From::Main,
        );
        let neck = self.neckline();
        self.bodice(Ease { shoulder: 0.0, bust: 2.0, waist: 4.0, hip: 4.0 }, 288.0, neck, From::Main);
        let waist = self.body.eased(286.0, 4.0, 5.0);
        self.line(&[waist.l, waist.l.lerp(waist.r, 0.5) + p(0.0, 5.0), waist.r], 1.6, 0.8, From::Main);
        let named = self.design.details.sleeve;
        let sleeve = match (named, self.design.season) {
            (Some(Sleeves::None | Sleeves::Long | Sleeves::Short), _) | (None, Season::Winter | Season::Autumn) => {
                self.seasonal(3.0)
            }
            _ => Sleeve { length: 0.34, ease: 4.0, flare: 0.0, puff: 16.0, cuff: true },
        };
        self.sleeves(sleeve, From::Main);
    }

    pub(super) fn shirt_dress(&mut self) {
        let hem = self.hem(664.0);
        let folds = vec![
            Fold::Gather { at: 0.285, reach: 0.22, count: 11.0, depth: 2.6 },
            Fold::Gather { at: 0.275, reach: -0.14, count: 11.0, depth: 2.0 },
            Fold::Flare { count: 5.0, from: 0.36, depth: 3.6, phase: 0.3 },
        ];
        let ease = Ease { shoulder: 5.0, bust: 11.0, waist: 10.0, hip: 22.0 };
        let loft = self.dress(ease, &[(470.0, 100.0), (560.0, 110.0), (hem, 118.0)], Neck::Shirt, folds, (4.0, 4.0));
        self.fold_lines(&loft, 5.0, 0.40, 0.5, From::Main);
        self.pocket(&loft, (-0.66, 0.15), (-0.22, 0.225), false, From::Main);
        self.buttons(0.0, 184.0, hem - 70.0, 9, From::Main);
        self.line(
            &[self.body.front(8.0, 176.0), self.body.front(8.0, 400.0), self.body.front(8.0, hem)],
            1.2,
            0.6,
            From::Main,
        );
        if self.design.details.belt {
            self.belt(284.0, 9.0, From::Accent);
        } else {
            self.sash(284.0, 9.0, From::Main);
        }
        let sleeve = Sleeve { cuff: true, ..self.seasonal(7.0) };
        self.sleeves(
            if sleeve.length < 0.1 { Sleeve { length: 0.36, ease: 7.0, ..sleeve } } else { sleeve },
            From::Main,
        );
        self.shirt_collar(From::Main);
    }

    pub(super) fn empire(&mut self) {
        let hem = self.hem(830.0);
        self.skirt(
            Skirt { top: 238.0, top_ease: 3.0, hem, half: 138.0, flare: -2.0, folds: 8.0, gather: 3.0, pleats: 0.0 },
            From::Main,
        );
        let neck = if self.design.season == Season::Winter { Neck::Boat } else { Neck::Square };
        self.bodice(Ease { shoulder: 0.0, bust: 2.0, waist: 6.0, hip: 4.0 }, 244.0, neck, From::Main);
        self.band(234.0, 247.0, 4.0, From::Accent);
        let sleeve = match self.design.season {
            Season::Winter | Season::Autumn => Sleeve { length: 0.96, ease: 7.0, flare: 4.0, puff: 9.0, cuff: true },
            _ => Sleeve { length: 0.30, ease: 4.0, flare: 0.0, puff: 16.0, cuff: true },
        };
        self.sleeves(if self.design.details.sleeve == Some(Sleeves::None) { BARE } else { sleeve }, From::Main);
        if !self.design.details.ribbon {
            self.ribbon(self.body.front(0.0, 241.0), 14.0, From::Accent);
        }
    }

    pub(super) fn pleated_set(&mut self) {
        let hem = self.hem(690.0);
        let ease = Ease { shoulder: 4.0, bust: 8.0, waist: 10.0, hip: 8.0 };
        let loft = self.bodice(ease, 300.0, Neck::Shirt, From::Second);
        self.fold_lines(&loft, 3.0, 0.5, 0.4, From::Second);
        self.skirt(
            Skirt { top: 280.0, top_ease: 3.0, hem, half: 142.0, flare: 4.0, folds: 14.0, gather: 0.0, pleats: 15.0 },
            From::Main,
        );
        self.band(272.0, 290.0, 4.0, From::Main);
        self.buttons(0.0, 186.0, 264.0, 4, From::Second);
        let sleeve = match self.design.season {
            Season::Summer => Sleeve { length: 0.36, ease: 6.0, flare: 0.0, puff: 12.0, cuff: true },
            _ => Sleeve { length: 0.96, ease: 8.0, flare: 3.0, puff: 6.0, cuff: true },
        };
        self.sleeves(sleeve, From::Second);
        self.shirt_collar(From::Second);
        self.ribbon(p(0.0, 172.0), 15.0, From::Accent);
    }

    pub(super) fn jumpsuit(&mut self) {
        self.trousers(Legs { top: 280.0, hip: 8.0, knee: 12.0, hem: 10.0, drop: 0.94 }, From::Main);
        let neck = if self.design.season == Season::Winter { Neck::High } else { Neck::Vee };
        let loft = self.bodice(Ease { shoulder: 2.0, bust: 7.0, waist: 9.0, hip: 8.0 }, 290.0, neck, From::Main);
        if self.design.details.pockets || neck == Neck::High {
            self.pocket(&loft, (-0.68, 0.36), (-0.24, 0.54), true, From::Main);
            self.pocket(&loft, (0.24, 0.36), (0.68, 0.54), true, From::Main);
        }
        self.loose_buttons(0.0, if neck == Neck::High { 160.0 } else { 214.0 }, 264.0, 4, From::Main);
        self.belt(284.0, 6.0, From::Accent);
        let sleeve = self.seasonal(6.0);
        self.sleeves(sleeve, From::Main);
    }

    pub(super) fn tiered(&mut self) {
        let hem = self.hem(716.0);
        let top = 276.0;
        let drop = (hem - top) / 3.0;
        let halves = [(96.0, 6.0), (134.0, 9.0), (172.0, 11.0)];
        for (tier, (half, folds)) in halves.into_iter().enumerate().rev() {
            let start = top + drop * tier as f32 - if tier == 0 { 0.0 } else { 10.0 };
            let before =
                if tier == 0 { 0.0 } else { halves.get(tier - 1).map_or(0.0, |h| h.0) - self.body.half(start) };
            let skirt = Skirt {
                top: start,
                top_ease: before.max(3.0) - if tier == 0 { 0.0 } else { 8.0 },
                hem: top + drop * (tier + 1) as f32,
                half,
                flare: 5.0,
                folds,
                gather: 4.2,
                pleats: 0.0,
            };
            self.skirt(skirt, From::Main);
        }
        let neck = self.neckline();
        self.bodice(Ease { shoulder: 0.0, bust: 3.0, waist: 5.0, hip: 5.0 }, 282.0, neck, From::Main);
        if self.design.details.sleeve == Some(Sleeves::None) {
            self.hands_to_front();
            return;
        }
        let long = matches!(self.design.season, Season::Autumn | Season::Winter);
        self.sleeves(
            Sleeve { length: if long { 0.94 } else { 0.40 }, ease: 5.0, flare: 12.0, puff: 8.0, cuff: false },
            From::Main,
        );
    }

    pub(super) fn wide_pants(&mut self) {
        let ease = Ease { shoulder: 0.0, bust: 2.0, waist: 4.0, hip: 4.0 };
        self.trousers(Legs { top: 276.0, hip: 8.0, knee: 28.0, hem: 40.0, drop: 1.03 }, From::Main);
        let neck = if self.design.season == Season::Winter { Neck::High } else { Neck::Vee };
        self.bodice(ease, 296.0, neck, From::Second);
        self.band(270.0, 288.0, 4.0, From::Main);
        if self.design.season == Season::Summer {
            let sleeve = self.seasonal(3.0);
            self.sleeves(sleeve, From::Second);
            return;
        }
        self.open_jacket(396.0, 14.0);
        self.sleeves(Sleeve { length: 0.98, ease: 6.0, flare: 1.0, puff: 0.0, cuff: false }, From::Main);
        self.lapels(300.0, 32.0, From::Main);
    }

    /// A jacket that stands open over the bodice.
    fn open_jacket(&mut self, hem: f32, room: f32) {
        for side in [-1.0_f32, 1.0] {
            let b = self.body;
            let stops = [
                (142.0, 22.0, 46.0),
                (154.0, 21.0, 74.0),
                (178.0, 20.0, 71.0),
                (204.0, 18.0, 64.0 + room * 0.4),
                (244.0, 16.0, 55.0 + room * 0.5),
                (284.0, 15.0, 48.0 + room * 0.6),
                (330.0, 20.0, 60.0 + room * 0.8),
                (hem, 30.0, 71.0 + room),
            ];
            let rows: Vec<_> = stops
                .into_iter()
                .map(|(y, inner, outer)| {
                    let (i, o) = (b.front(side * inner, y) + p(0.0, 2.0), b.front(side * outer, y));
                    if side < 0.0 { row(o, i, 2.0) } else { row(i, o, 2.0) }
                })
                .collect();
            let loft = Loft::through(&rows);
            let folds = vec![Fold::Drag { from: (0.0, 0.3), to: (-side * 0.5, 0.75), width: 8.0, depth: 1.8 }];
            let drape = self.drape(0.55, folds);
            self.sew(&loft, &drape, From::Main, None, 4.0);
            let (a, z) = if side < 0.0 { (-0.62, 0.30) } else { (-0.30, 0.62) };
            self.pocket(&loft, (a, 0.78), (z, 0.84), true, From::Main);
        }
    }

    pub(super) fn trench(&mut self) {
        let hem = self.hem(676.0);
        if self.design.rng("under").chance(0.5) {
            self.trousers(Legs { top: 400.0, hip: 2.0, knee: 4.0, hem: 5.0, drop: 0.94 }, From::Second);
        }
        let folds = vec![
            Fold::Gather { at: 0.27, reach: 0.22, count: 9.0, depth: 3.0 },
            Fold::Gather { at: 0.26, reach: -0.12, count: 9.0, depth: 2.4 },
            Fold::Flare { count: 5.0, from: 0.34, depth: 4.4, phase: 1.4 },
        ];
        let ease = Ease { shoulder: 8.0, bust: 15.0, waist: 14.0, hip: 30.0 };
        let loft = self.dress(ease, &[(470.0, 112.0), (570.0, 126.0), (hem, 138.0)], Neck::Shirt, folds, (5.0, 4.0));
        self.fold_lines(&loft, 5.0, 0.38, 0.5, From::Main);
        let edge = [
            self.body.front(-26.0, 210.0),
            self.body.front(-28.0, 330.0),
            self.body.front(-34.0, 480.0),
            self.body.front(-40.0, hem),
        ];
        self.line(&edge, 2.0, 0.85, From::Main);
        self.loose_buttons(-18.0, 222.0, 380.0, 4, From::Main);
        self.loose_buttons(24.0, 222.0, 380.0, 4, From::Main);
        self.pocket(&loft, (-0.80, 0.46), (-0.36, 0.52), true, From::Main);
        self.pocket(&loft, (0.36, 0.46), (0.80, 0.52), true, From::Main);
        if self.design.details.belt {
            self.belt(286.0, 15.0, From::Accent);
        } else {
            self.sash(286.0, 15.0, From::Main);
        }
        self.sleeves(Sleeve { length: 0.98, ease: 9.0, flare: 2.0, puff: 0.0, cuff: true }, From::Main);
        for index in [0, 1] {
            let s = self.body.shoulder[index];
            let side = if index == 0 { -1.0 } else { 1.0 };
            let tab = [s + p(-side * 30.0, -9.0), s + p(side * 4.0, -5.0)];
            self.line(&tab, 2.0, 0.7, From::Main);
        }
        self.lapels(232.0, 36.0, From::Main);
    }

    pub(super) fn cape(&mut self) {
        self.trousers(Legs { top: 300.0, hip: 2.0, knee: 4.0, hem: 4.0, drop: 0.94 }, From::Second);
        let hem = if self.design.details.longer { 620.0 } else { 492.0 };
        let b = self.body;
        let rows = vec![
            b.row(136.0, 27.0, 2.0),
            b.row(144.0, 50.0, 2.0),
            b.row(156.0, 80.0, 3.0),
            b.row(190.0, 108.0, 5.0),
            b.row(260.0, 144.0, 9.0),
            b.row(360.0, 168.0, 14.0),
            b.row(hem, 182.0, 22.0),
        ];
        let count = self.fold_count(6.0);
        let loft = Loft::through(&rows).with_hem(count, 6.0, 0.7);
        let folds = vec![
            Fold::Flare { count, from: 0.10, depth: 6.0, phase: 0.7 },
            Fold::Drag { from: (-0.5, 0.1), to: (-0.8, 0.7), width: 12.0, depth: 2.2 },
        ];
        let drape = self.drape(0.8, folds);
        self.sew(&loft, &drape, From::Main, None, 6.0);
        self.fold_lines(&loft, count, 0.25, 0.65, From::Main);
        self.line(&loft.down(0.05, 0.03, 1.0), 1.8, 0.8, From::Main);
        for side in [-1.0_f32, 1.0] {
            let slit = if side < 0.0 {
                loft.patch(&[(-0.62, 0.46), (-0.50, 0.46), (-0.54, 0.72), (-0.66, 0.72)])
            } else {
                loft.patch(&[(0.50, 0.46), (0.62, 0.46), (0.66, 0.72), (0.54, 0.72)])
            };
            self.layer.fill(&slit, &self.view, self.design.palette.main.ink(), 0.22);
            self.line(&loft.down(side * 0.58, 0.45, 0.73), 1.8, 0.8, From::Main);
        }
        self.loose_buttons(-6.0, 176.0, 300.0, 4, From::Main);
        self.hem_stitch(&loft, 0.965, From::Main);
        self.neck_band(108.0, From::Main);
        if self.design.hair != HairStyle::Long {
            self.ribbon(p(0.0, 148.0), 15.0, From::Accent);
        }
    }

    pub(super) fn kimono(&mut self) {
        let b = self.body;
        let rows = vec![
            b.row(136.0, 27.0, 0.0),
            b.row(143.0, 50.0, 0.0),
            b.row(155.0, 78.0, 0.0),
            b.row(204.0, 64.0, 3.0),
            b.row(260.0, 58.0, 4.0),
            b.row(330.0, 64.0, 5.0),
            b.row(400.0, 72.0, 6.0),
            b.row(560.0, 70.0, 8.0),
            b.row(700.0, 66.0, 9.0),
            b.row(822.0, 62.0, 9.0),
        ];
        let loft = Loft::through(&rows);
        let folds = vec![
            Fold::Drag { from: (-0.5, 0.46), to: (0.55, 1.0), width: 10.0, depth: 2.4 },
            Fold::Drag { from: (-0.9, 0.60), to: (0.2, 0.98), width: 10.0, depth: 1.8 },
        ];
        let drape = self.drape(0.66, folds);
        let opening =
            Outline::polygon(&[p(-25.0, 124.0), p(-21.0, 146.0), p(2.0, 190.0), p(21.0, 146.0), p(25.0, 124.0)]);
        self.sew(&loft, &drape, From::Main, Some(&opening), 4.0);
        let overlap = [b.front(20.0, 334.0), b.front(26.0, 480.0), b.front(32.0, 640.0), b.front(40.0, 824.0)];
        self.line(&overlap, 2.2, 0.9, From::Main);
        self.layered_collar();
        self.hanging_sleeves();
        self.obi();
    }

    fn layered_collar(&mut self) {
        let band = |a: &mut Self, points: &[P], colour: crate::colour::Rgb, width: f32| {
            draw_line(a.layer, &a.view, points, Pen::even(colour.ink(), width + 2.2));
            draw_line(a.layer, &a.view, points, Pen::even(colour, width));
        };
        let palette = self.design.palette;
        let pale = palette.second.at_lightness(0.95);
        let under = [p(22.0, 128.0), p(23.0, 146.0), p(6.0, 182.0), p(-22.0, 236.0)];
        let over = [p(-22.0, 128.0), p(-24.0, 146.0), p(-4.0, 186.0), p(34.0, 252.0)];
        band(self, &under, pale, 8.0);
        band(self, &over, pale, 8.0);
        let over_cloth: Vec<P> = over.iter().map(|q| *q + p(-6.0, 5.0)).collect();
        let under_cloth: Vec<P> = under.iter().take(3).map(|q| *q + p(6.0, 4.0)).collect();
        band(self, &under_cloth, palette.main.shift(-0.03, 1.0), 9.0);
        band(self, &over_cloth, palette.main.shift(0.02, 1.0), 9.0);
    }

    /// Rectangular sleeves that hang from the forearm.
    fn hanging_sleeves(&mut self) {
        self.hands_to_front();
        for index in [0, 1] {
            let b = self.body;
            let side = if index == 0 { -1.0 } else { 1.0 };
            let (s, e, w) = (b.shoulder[index], b.elbow[index], b.wrist[index].lerp(b.elbow[index], 0.10));
            let swing = side * 10.0;
            let tip = s + p(side * 5.0, 0.0);
            let rows = if (w.x - e.x) * side < -20.0 {
                // The forearm comes back to the body: the sleeve hangs from elbow and wrist.
                let hang = 116.0;
                [
                    row(tip, s + p(-side * 8.0, 58.0), 0.0),
                    row(s.lerp(e, 0.5) + p(side * 17.0, 0.0), s.lerp(e, 0.62) + p(-side * 15.0, 16.0), 0.0),
                    row(e + p(side * 16.0, 0.0), w + p(0.0, -10.0), 0.0),
                    row(e + p(side * 14.0, hang * 0.55), w + p(swing * 0.4, hang * 0.45), 4.0),
                    row(e + p(side * 4.0, hang), w + p(swing, hang * 0.85), 6.0),
                ]
            } else {
                [
                    row(tip, s + p(-side * 8.0, 58.0), 0.0),
                    row(s.lerp(e, 0.5) + p(side * 19.0, 0.0), s.lerp(e, 0.55) + p(-side * 21.0, 8.0), 0.0),
                    row(e + p(side * 23.0, 0.0), e + p(-side * 24.0, 10.0), 0.0),
                    row(w + p(side * 31.0, -8.0), w + p(-side * 29.0, 0.0), 3.0),
                    row(w + p(side * 36.0, 84.0), w + p(-side * 22.0, 92.0), 6.0),
                ]
            };
            let rows: Vec<_> = rows.into_iter().map(|r| if index == 0 { r } else { row(r.r, r.l, r.sag) }).collect();
            let loft = Loft::through(&rows);
            let folds = vec![
                Fold::Flare { count: 2.4, from: 0.35, depth: 3.4, phase: 0.5 },
                Fold::Drag { from: (0.4, 0.3), to: (-0.3, 0.8), width: 8.0, depth: 2.0 },
            ];
            let drape = self.drape(0.5, folds);
            self.sew(&loft, &drape, From::Main, None, 5.0);
            self.line(&loft.across(0.0, -0.9, 0.9), 1.5, 0.7, From::Main);
            self.fold_lines(&loft, 2.0, 0.4, 0.5, From::Main);
        }
    }

    fn obi(&mut self) {
        let b = self.body;
        let rows =
            [b.eased(236.0, 9.0, 5.0), b.eased(262.0, 14.0, 6.0), b.eased(290.0, 15.0, 6.0), b.eased(318.0, 8.0, 6.0)];
        let loft = Loft::through(&rows);
        let drape = self.drape(0.85, vec![Fold::Stack { from: 0.0, count: 3.0, depth: 0.7 }]);
        self.sew(&loft, &drape, From::Second, None, 5.0);
        let accent = self.design.palette.accent;
        let cord = loft.across(0.52, -0.99, 0.99);
        draw_line(self.layer, &self.view, &cord, Pen::even(accent.ink(), 7.4));
        draw_line(self.layer, &self.view, &cord, Pen::even(accent, 5.4));
        let knot = loft.at(0.0, 0.52);
        self.rosette(knot, 9.0, accent);
        let top = loft.across(0.06, -0.99, 0.99);
        draw_line(self.layer, &self.view, &top, Pen::even(accent.shift(0.1, 0.8), 5.0).faint(0.9));
    }
}
