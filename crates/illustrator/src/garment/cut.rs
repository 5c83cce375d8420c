//! From a silhouette to what is sewn: each cut in its own words.

use super::drape::Fold;
use super::loft::Loft;
use super::lower::{Legs, Skirt};
use super::tailor::{From, Tailor};
use super::upper::{Ease, Neck, Sleeve, bodice_folds, bodice_rows, neck_outline};
use crate::reading::answers::{Cut, Season};
use crate::reading::extra::Sleeves;
use crate::surface::geometry::p;

/// Rows of a dress below the hip: height and half width.
pub(super) type Fall<'a> = &'a [(f32, f32)];

/// No sleeve at all.
pub(super) const BARE: Sleeve = Sleeve { length: 0.0, ease: 0.0, flare: 0.0, puff: 0.0, cuff: false };

impl Tailor<'_> {
    /// The hem's height after the brief's "longer" or "shorter".
    pub(super) fn hem(&self, wanted: f32) -> f32 {
        let change = if self.design.details.longer {
            90.0
        } else if self.design.details.shorter {
            -80.0
        } else {
            0.0
        };
        (wanted + change).clamp(455.0, 850.0)
    }

    /// Sleeves that suit the season unless the brief names others.
    pub(super) fn seasonal(&self, ease: f32) -> Sleeve {
        let long = Sleeve { length: 0.96, ease, flare: 2.0, puff: 0.0, cuff: true };
        let short = Sleeve { length: 0.32, ease: ease + 3.0, flare: 3.0, puff: 0.0, cuff: false };
        match self.design.details.sleeve {
            Some(Sleeves::None) => BARE,
            Some(Sleeves::Short) => short,
            Some(Sleeves::Long) => long,
            Some(Sleeves::Puff) => Sleeve { length: 0.34, ease: 4.0, flare: 0.0, puff: 17.0, cuff: true },
            None => match self.design.season {
                Season::Summer => {
                    if self.design.rng("arm").chance(0.5) {
                        BARE
                    } else {
                        short
                    }
                }
                Season::Spring => Sleeve { length: 0.62, ease: ease + 2.0, flare: 5.0, puff: 0.0, cuff: false },
                Season::Rainy => Sleeve { length: 0.70, ease, flare: 2.0, puff: 0.0, cuff: true },
                Season::Autumn | Season::Winter => long,
            },
        }
    }

    pub(super) fn neckline(&self) -> Neck {
        if self.design.season == Season::Winter {
            return Neck::High;
        }
        self.design.rng("neck").pick(&[Neck::Round, Neck::Boat, Neck::Vee, Neck::Square]).unwrap_or(Neck::Round)
    }

    /// A dress in one piece.
    pub(super) fn dress(&mut self, ease: Ease, fall: Fall<'_>, neck: Neck, folds: Vec<Fold>, wave: (f32, f32)) -> Loft {
        let mut rows = bodice_rows(self, ease, 378.0);
        for (y, half) in fall {
            rows.push(self.body.row(*y, *half, 5.0 + half * 0.07));
        }
        let phase = self.design.rng("dress").range(0.0, 6.0);
        let loft = Loft::through(&rows).with_hem(self.fold_count(wave.0), wave.1, phase);
        let drape = self.drape(0.74, folds);
        let cut = neck_outline(neck);
        self.sew(&loft, &drape, From::Main, cut.as_ref(), 4.0);
        self.hem_stitch(&loft, 0.98, From::Main);
        if neck == Neck::High {
            self.neck_band(112.0, From::Main);
        }
        self.neck_edge(neck, From::Main);
        loft
    }

    /// A close upper part down to a seam.
    pub(super) fn bodice(&mut self, ease: Ease, to: f32, neck: Neck, from: From) -> Loft {
        let loft = Loft::through(&bodice_rows(self, ease, to));
        let drape = self.drape(0.78, bodice_folds(1.0));
        let cut = neck_outline(neck);
        self.sew(&loft, &drape, from, cut.as_ref(), 3.0);
        if neck == Neck::High {
            self.neck_band(112.0, from);
        }
        self.neck_edge(neck, from);
        for side in [-1.0, 1.0] {
            let dart = [
                self.body.front(side * 26.0, 226.0),
                self.body.front(side * 24.0, 250.0),
                self.body.front(side * 21.0, to - 2.0),
            ];
            self.line(&dart, 1.2, 0.5, from);
        }
        loft
    }

    /// Everything that is worn below the sleeves of the near arm, then the sleeves.
    pub(crate) fn tailor(&mut self) {
        match self.design.cut {
            Cut::ALine => self.a_line(),
            Cut::Slim => self.slim(),
            Cut::Oversized => self.oversized(),
            Cut::FitAndFlare => self.fit_and_flare(),
            Cut::HLine => self.h_line(),
            Cut::Cocoon => self.cocoon(),
            Cut::Mermaid => self.mermaid(),
            Cut::KimonoWrap => self.kimono(),
            Cut::WidePants => self.wide_pants(),
            Cut::Mini => self.mini(),
            Cut::Trench => self.trench(),
            Cut::ShirtDress => self.shirt_dress(),
            Cut::Empire => self.empire(),
            Cut::PleatedSet => self.pleated_set(),
            Cut::Jumpsuit => self.jumpsuit(),
            Cut::Tiered => self.tiered(),
            Cut::Cape => self.cape(),
        }
        self.wishes();
    }

    /// What the free line adds to any cut.
    fn wishes(&mut self) {
        let details = self.design.details.clone();
        if details.belt && !matches!(self.design.cut, Cut::Trench | Cut::KimonoWrap | Cut::Cape) {
            self.belt(284.0, 6.0, From::Accent);
        }
        if details.buttons && !matches!(self.design.cut, Cut::Trench | Cut::ShirtDress | Cut::KimonoWrap) {
            self.loose_buttons(0.0, 186.0, 272.0, 5, From::Main);
        }
        if details.ribbon {
            let q = if self.design.cut == Cut::KimonoWrap { p(30.0, 300.0) } else { p(0.0, 160.0) };
            self.ribbon(q, 19.0, From::Accent);
        }
    }

    fn a_line(&mut self) {
        let hem = self.hem(640.0);
        let count = self.fold_count(5.0);
        let folds = vec![
            Fold::Flare { count, from: 0.30, depth: 4.6, phase: 1.0 },
            Fold::Drag { from: (-0.6, 0.15), to: (-0.5, 0.5), width: 9.0, depth: 1.6 },
        ];
        let ease = Ease { shoulder: 0.0, bust: 4.0, waist: 16.0, hip: 20.0 };
        let neck = self.neckline();
        let loft = self.dress(ease, &[(460.0, 108.0), (550.0, 128.0), (hem, 150.0)], neck, folds, (count, 5.0));
        self.fold_lines(&loft, count, 0.42, 0.6, From::Main);
        if self.design.details.pockets {
            self.pocket(&loft, (-0.62, 0.52), (-0.22, 0.62), false, From::Main);
            self.pocket(&loft, (0.22, 0.52), (0.62, 0.62), false, From::Main);
        }
        let sleeve = self.seasonal(4.0);
        self.sleeves(sleeve, From::Main);
    }

    fn slim(&mut self) {
        let hem = self.hem(700.0);
        let folds = vec![
            Fold::Drag { from: (-0.9, 0.40), to: (0.3, 0.33), width: 7.0, depth: 2.0 },
            Fold::Drag { from: (0.9, 0.44), to: (-0.2, 0.40), width: 7.0, depth: 2.0 },
            Fold::Drag { from: (0.8, 0.52), to: (-0.4, 0.47), width: 7.0, depth: 1.7 },
            Fold::Drag { from: (-0.2, 0.55), to: (0.1, 0.98), width: 9.0, depth: 2.2 },
            Fold::Drag { from: (0.5, 0.60), to: (0.45, 0.98), width: 8.0, depth: 1.6 },
        ];
        let ease = Ease { shoulder: 0.0, bust: 1.0, waist: 2.0, hip: 2.0 };
        let neck = self.neckline();
        let loft = self.dress(ease, &[(460.0, 66.0), (560.0, 60.0), (hem, 56.0)], neck, folds, (2.0, 1.0));
        self.line(&loft.down(0.34, 0.78, 1.0), 1.8, 0.9, From::Main);
        self.line(&self.body_dart(), 1.1, 0.5, From::Main);
        let sleeve = self.seasonal(1.5);
        self.sleeves(sleeve, From::Main);
    }

    fn body_dart(&self) -> Vec<crate::surface::geometry::P> {
        vec![self.body.front(-24.0, 224.0), self.body.front(-21.0, 282.0), self.body.front(-26.0, 330.0)]
    }

    fn oversized(&mut self) {
        self.trousers(Legs { top: 300.0, hip: 6.0, knee: 14.0, hem: 16.0, drop: 0.90 }, From::Second);
        let hem = self.hem(478.0).min(640.0);
        let folds = vec![
            Fold::Drag { from: (-0.8, 0.12), to: (0.2, 0.62), width: 11.0, depth: 3.2 },
            Fold::Drag { from: (0.8, 0.12), to: (-0.1, 0.70), width: 11.0, depth: 3.0 },
            Fold::Drag { from: (-0.5, 0.40), to: (0.5, 0.86), width: 10.0, depth: 2.6 },
            Fold::Stack { from: 0.62, count: 8.0, depth: 2.6 },
        ];
        let ease = Ease { shoulder: 17.0, bust: 34.0, waist: 52.0, hip: 32.0 };
        let neck = if self.design.season == Season::Winter { Neck::High } else { Neck::Round };
        let loft = self.dress(ease, &[(hem - 24.0, 102.0), (hem, 92.0)], neck, folds, (3.0, 1.5));
        self.line(&loft.across(0.94, -1.0, 1.0), 1.5, 0.7, From::Main);
        let sleeve = Sleeve { length: 1.0, ease: 15.0, flare: 4.0, puff: 0.0, cuff: true };
        let sleeve =
            if self.design.season == Season::Summer { Sleeve { length: 0.5, cuff: false, ..sleeve } } else { sleeve };
        self.sleeves(sleeve, From::Main);
        self.pocket(&loft, (-0.42, 0.62), (0.42, 0.82), true, From::Main);
    }

    fn fit_and_flare(&mut self) {
        let hem = self.hem(612.0);
        self.skirt(
            Skirt { top: 284.0, top_ease: 3.0, hem, half: 186.0, flare: 16.0, folds: 9.0, gather: 2.4, pleats: 0.0 },
            From::Main,
        );
        let neck = if self.design.season == Season::Summer { Neck::Sweetheart } else { self.neckline() };
        self.bodice(Ease { shoulder: 0.0, bust: 1.0, waist: 2.5, hip: 4.0 }, 288.0, neck, From::Main);
        self.band(276.0, 294.0, 4.0, From::Accent);
        let sleeve = if neck == Neck::Sweetheart { BARE } else { self.seasonal(2.0) };
        self.sleeves(sleeve, From::Main);
    }

    fn h_line(&mut self) {
        let hem = self.hem(560.0);
        let folds = vec![
            Fold::Drag { from: (-0.8, 0.18), to: (-0.2, 0.60), width: 9.0, depth: 1.6 },
            Fold::Drag { from: (0.8, 0.18), to: (0.3, 0.66), width: 9.0, depth: 1.6 },
            Fold::Flare { count: 3.0, from: 0.4, depth: 2.0, phase: 0.4 },
        ];
        let ease = Ease { shoulder: 4.0, bust: 17.0, waist: 38.0, hip: 16.0 };
        let neck = self.neckline();
        let loft = self.dress(ease, &[(460.0, 86.0), (hem, 87.0)], neck, folds, (2.0, 1.0));
        self.pocket(&loft, (-0.78, 0.60), (-0.20, 0.80), false, From::Main);
        self.pocket(&loft, (0.20, 0.60), (0.78, 0.80), false, From::Main);
        self.line(&loft.across(0.965, -1.0, 1.0), 1.3, 0.5, From::Main);
        let sleeve = self.seasonal(8.0);
        self.sleeves(sleeve, From::Main);
    }

    fn cocoon(&mut self) {
        let hem = self.hem(650.0);
        let folds = vec![
            Fold::Drag { from: (-0.9, 0.16), to: (0.1, 0.72), width: 13.0, depth: 3.4 },
            Fold::Drag { from: (0.9, 0.16), to: (0.2, 0.80), width: 13.0, depth: 3.4 },
            Fold::Gather { at: 1.0, reach: -0.34, count: 9.0, depth: 3.4 },
            Fold::Drag { from: (-0.7, 0.46), to: (0.5, 0.92), width: 12.0, depth: 2.6 },
        ];
        let ease = Ease { shoulder: 10.0, bust: 30.0, waist: 68.0, hip: 58.0 };
        let neck = if self.design.season == Season::Summer { Neck::Boat } else { Neck::High };
        let loft = self.dress(
            ease,
            &[(450.0, 130.0), (540.0, 112.0), (hem - 20.0, 74.0), (hem, 66.0)],
            neck,
            folds,
            (2.0, 1.0),
        );
        self.line(&loft.across(0.965, -1.0, 1.0), 1.4, 0.6, From::Main);
        self.line(&loft.down(0.02, 0.03, 0.96), 1.4, 0.6, From::Main);
        let sleeve = self.seasonal(14.0);
        self.sleeves(sleeve, From::Main);
    }

    fn mermaid(&mut self) {
        let folds = vec![
            Fold::Flare { count: self.fold_count(7.0), from: 0.66, depth: 6.0, phase: 0.8 },
            Fold::Drag { from: (-0.9, 0.33), to: (0.4, 0.26), width: 7.0, depth: 2.0 },
            Fold::Drag { from: (0.9, 0.40), to: (-0.4, 0.33), width: 7.0, depth: 2.0 },
            Fold::Drag { from: (-0.8, 0.56), to: (0.5, 0.52), width: 7.0, depth: 1.6 },
        ];
        let ease = Ease { shoulder: 0.0, bust: 1.0, waist: 1.5, hip: 2.0 };
        let neck = if self.design.season == Season::Winter { Neck::Boat } else { Neck::Sweetheart };
        let falls = [(470.0, 66.0), (560.0, 56.0), (640.0, 60.0), (730.0, 96.0), (852.0, 152.0)];
        let loft = self.dress(ease, &falls, neck, folds, (7.0, 7.0));
        self.fold_lines(&loft, 8.0, 0.68, 0.7, From::Main);
        let sleeve = if neck == Neck::Sweetheart { BARE } else { self.seasonal(1.0) };
        self.sleeves(sleeve, From::Main);
    }
}
