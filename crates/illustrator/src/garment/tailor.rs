//! The cloths of one outfit, and how pieces of them are drawn on the figure.

use super::drape::{Drape, Fold};
use super::loft::Loft;
use super::render::{Piece, paint};
use crate::colour::Rgb;
use crate::figure::body::{Body, HandPose};
use crate::figure::limbs::{Skin, paint_arm};
use crate::reading::design::{Design, Weight};
use crate::surface::geometry::View;
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;
use crate::textile::cloth::Cloth;
use crate::textile::texel::Inks;

/// The cloths of an outfit.
pub(crate) struct Cloths {
    /// The leading cloth with its motif.
    pub(crate) main: Cloth,
    /// Plain cloth for the other half of the outfit.
    pub(crate) second: Cloth,
    /// Belts, ribbons, collars.
    pub(crate) accent: Cloth,
    pub(crate) ink: Rgb,
    pub(crate) second_ink: Rgb,
}

impl Cloths {
    /// Chooses and weaves the cloths; `scale` is pixels per drawing unit.
    pub(crate) fn weave(design: &Design, scale: f32) -> Self {
        let palette = design.palette;
        let inks = Inks { base: palette.main, second: palette.second, accent: palette.accent };
        let main = Cloth::woven(design.motif, inks, design.gloss, scale, 1.0);
        let plain = |c: Rgb, gloss: f32| {
            let inks = Inks { base: c, second: c, accent: c };
            Cloth::woven(crate::textile::motif::Motif::Plain, inks, gloss, scale, 1.0)
        };
        Self {
            main,
            second: plain(palette.second, design.gloss * 0.5),
            accent: plain(palette.accent, 0.25),
            ink: palette.main.ink(),
            second_ink: palette.second.ink(),
        }
    }
}

/// Draws the pieces of an outfit: the layer, the figure and the cloths that each cut needs.
pub(crate) struct Tailor<'a> {
    pub(crate) layer: &'a mut Layer,
    pub(crate) view: View,
    pub(crate) body: &'a Body,
    pub(crate) design: &'a Design,
    pub(crate) cloths: &'a Cloths,
    pub(crate) skin: &'a Skin<'a>,
}

/// Which cloth a piece is cut from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    Main,
    Second,
    Accent,
}

impl Tailor<'_> {
    /// The ink for lines on a cloth.
    pub(crate) fn ink(&self, from: From) -> Rgb {
        match from {
            From::Main => self.cloths.ink,
            From::Second => self.cloths.second_ink,
            From::Accent => self.design.palette.accent.ink(),
        }
    }

    /// A drape with the wrinkles of this outfit's cloth.
    pub(crate) fn drape(&self, round: f32, folds: Vec<Fold>) -> Drape {
        let wrinkle = match self.design.weight {
            Weight::Light => 2.2,
            Weight::Middle => 1.7,
            Weight::Heavy => 1.2,
        };
        Drape { round, wrinkle, folds, seed: (self.design.seed >> 7) as u32 }
    }

    /// How many folds a flaring hem has, for a number that suits a middle weight.
    pub(crate) fn fold_count(&self, middle: f32) -> f32 {
        match self.design.weight {
            Weight::Light => middle * 1.25,
            Weight::Middle => middle,
            Weight::Heavy => middle * 0.8,
        }
    }

    /// Sews a piece on: lining where the cloth is open, cloth, edge lines.
    pub(crate) fn sew(&mut self, loft: &Loft, drape: &Drape, from: From, cut: Option<&Outline>, lift: f32) {
        self.sew_within(loft, drape, from, (cut, None), lift);
    }

    /// Sews a piece that is limited to an outline.
    pub(crate) fn sew_within(
        &mut self,
        loft: &Loft,
        drape: &Drape,
        from: From,
        (cut, within): (Option<&Outline>, Option<&Outline>),
        lift: f32,
    ) {
        let cloths = self.cloths;
        let cloth = match from {
            From::Main => &cloths.main,
            From::Second => &cloths.second,
            From::Accent => &cloths.accent,
        };
        let piece = Piece { loft, drape, cloth, span: (0.0, 1.0), cut, within };
        paint(self.layer, &self.view, &piece, lift);
        if within.is_none() {
            let ink = self.ink(from);
            let pen = Pen { start: 0.6, end: 0.7, ..Pen::tapered(ink, 2.1) }.faint(0.85);
            for u in [-1.0, 1.0] {
                draw_line(self.layer, &self.view, &loft.down(u, 0.02, 1.0), pen);
            }
            draw_line(self.layer, &self.view, &loft.across(1.0, -1.0, 1.0), pen);
        }
    }

    /// Lines of ink along the folds of a hem.
    pub(crate) fn fold_lines(&mut self, loft: &Loft, count: f32, from_v: f32, strength: f32, cloth: From) {
        let mut rng = self.design.rng("fold lines");
        let ink = self.ink(cloth);
        let number = (count * 1.3) as usize + 2;
        for i in 0..number {
            let u = -0.88 + 1.76 * (i as f32 + rng.range(0.2, 0.8)) / number as f32;
            let start = from_v + rng.range(0.05, 0.45) * (1.0 - from_v);
            let end = if rng.chance(0.6) { 1.0 } else { rng.range(0.80, 0.98) };
            let line: Vec<_> = (0..=20)
                .map(|k| {
                    let t = k as f32 / 20.0;
                    loft.at(u + 0.02 * crate::scalar::sin(t * 4.0 + u * 9.0), start + (end - start) * t)
                })
                .collect();
            let pen = Pen { start: 0.05, end: 0.7, ..Pen::tapered(ink, rng.range(1.0, 1.9)) }
                .faint(strength * rng.range(0.5, 1.0));
            draw_line(self.layer, &self.view, &line, pen);
        }
    }

    /// A stitched line along the hem.
    pub(crate) fn hem_stitch(&mut self, loft: &Loft, v: f32, cloth: From) {
        let ink = self.ink(cloth);
        let line = loft.across(v, -0.99, 0.99);
        draw_line(self.layer, &self.view, &line, Pen::even(ink, 0.9).faint(0.45));
    }

    /// Draws forearms and hands again, over skirts and hems that were sewn since.
    pub(crate) fn hands_to_front(&mut self) {
        for index in [0, 1] {
            if matches!(self.body.hand[index], HandPose::Hang | HandPose::OnHip | HandPose::Hold) {
                paint_arm(self.layer, &self.view, self.body, index, self.skin, 0.36);
            }
        }
    }

    /// A line in the ink of a cloth.
    pub(crate) fn line(&mut self, points: &[crate::surface::geometry::P], width: f32, opacity: f32, cloth: From) {
        let pen = Pen { start: 0.5, end: 0.5, ..Pen::tapered(self.ink(cloth), width) }.faint(opacity);
        draw_line(self.layer, &self.view, points, pen);
    }
}
