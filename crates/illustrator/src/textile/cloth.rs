//! Cloth as a repeating tile of colour, relief and opacity.

use super::motif::Motif;
use super::texel::{Inks, Texel};
use super::{prints, structure, wagara, weave};
use crate::colour::Rgb;
use crate::scalar::{fract, mix, smoothstep};

/// A cloth: its tile and how it takes the light.
#[derive(Debug, Clone)]
pub(crate) struct Cloth {
    texels: Vec<Texel>,
    columns: usize,
    rows: usize,
    /// Size of the tile in drawing units.
    size: (f32, f32),
    /// Depth of the relief in units.
    pub(crate) bump_depth: f32,
    /// Multiplies the colour in full shadow.
    pub(crate) shadow: Rgb,
    /// Strength of the lit side.
    pub(crate) highlight: f32,
    pub(crate) gloss: f32,
    /// Colour at the hem, blended in from the middle down.
    pub(crate) fade: Option<Rgb>,
}

impl Cloth {
    /// A cloth of one colour.
    pub(crate) fn plain(colour: Rgb, gloss: f32) -> Self {
        Self {
            texels: vec![Texel::flat(colour)],
            columns: 1,
            rows: 1,
            size: (10.0, 10.0),
            bump_depth: 0.0,
            shadow: shadow_of(colour),
            highlight: 0.9,
            gloss,
            fade: None,
        }
    }

    /// Skin: warm in the shadow.
    pub(crate) fn skin(colour: Rgb) -> Self {
        Self { shadow: Rgb([0.80, 0.60, 0.54]), highlight: 0.7, ..Self::plain(colour, 0.04) }
    }

    /// A cloth with a motif, for `scale` pixels per drawing unit; `enlarge` makes the motif larger.
    pub(crate) fn woven(motif: Motif, inks: Inks, gloss: f32, scale: f32, enlarge: f32) -> Self {
        let (width, height) = tile_size(motif);
        let size = (width * enlarge, height * enlarge);
        let columns = ((size.0 * scale) as usize).clamp(8, 640);
        let rows = ((size.1 * scale) as usize).clamp(8, 640);
        let mut texels = Vec::with_capacity(columns * rows);
        for y in 0..rows {
            for x in 0..columns {
                texels.push(averaged(motif, &inks, x as f32, y as f32, columns as f32, rows as f32));
            }
        }
        let mut cloth = Self::plain(inks.base, gloss);
        cloth.texels = texels;
        cloth.columns = columns;
        cloth.rows = rows;
        cloth.size = size;
        cloth.bump_depth = relief(motif);
        if motif == Motif::Ombre {
            cloth.fade = Some(inks.second);
        }
        cloth
    }

    /// The cloth at a position in drawing units.
    pub(crate) fn sample(&self, cx: f32, cy: f32) -> Texel {
        if self.texels.len() == 1 {
            return self.texels.first().copied().unwrap_or_default();
        }
        let x = fract(cx / self.size.0) * self.columns as f32 - 0.5;
        let y = fract(cy / self.size.1) * self.rows as f32 - 0.5;
        let (fx, fy) = (x.floor(), y.floor());
        let (tx, ty) = (x - fx, y - fy);
        let wrap = |i: i32, n: usize| i.rem_euclid(n as i32) as usize;
        let (x0, x1) = (wrap(fx as i32, self.columns), wrap(fx as i32 + 1, self.columns));
        let (y0, y1) = (wrap(fy as i32, self.rows), wrap(fy as i32 + 1, self.rows));
        let at = |x: usize, y: usize| self.texels.get(y * self.columns + x).copied().unwrap_or_default();
        blend(blend(at(x0, y0), at(x1, y0), tx), blend(at(x0, y1), at(x1, y1), tx), ty)
    }

    /// The colour of a texel at `v` down the piece.
    pub(crate) fn colour(&self, texel: &Texel, v: f32) -> Rgb {
        match self.fade {
            Some(hem) => Rgb(texel.rgb).mix(hem, smoothstep(0.25, 1.0, v)),
            None => Rgb(texel.rgb),
        }
    }
}

/// Shadows are darker for light cloth's sake of form, and lean towards blue.
fn shadow_of(colour: Rgb) -> Rgb {
    let l = colour.lightness();
    let depth = mix(0.34, 0.50, smoothstep(0.3, 0.95, l));
    Rgb([depth, depth * 0.97, depth + 0.10])
}

fn blend(a: Texel, b: Texel, t: f32) -> Texel {
    let mut rgb = a.rgb;
    rgb.iter_mut().zip(b.rgb).for_each(|(x, y)| *x = mix(*x, y, t));
    Texel { rgb, bump: mix(a.bump, b.bump, t), alpha: mix(a.alpha, b.alpha, t) }
}

fn averaged(motif: Motif, inks: &Inks, x: f32, y: f32, columns: f32, rows: f32) -> Texel {
    let mut sum = Texel::default();
    for j in 0..3 {
        for i in 0..3 {
            let (sx, sy) = ((x + (i as f32 + 0.5) / 3.0) / columns, (y + (j as f32 + 0.5) / 3.0) / rows);
            let one = texel(motif, inks, sx, sy);
            sum.rgb.iter_mut().zip(one.rgb).for_each(|(a, b)| *a += b / 9.0);
            sum.bump += one.bump / 9.0;
            sum.alpha += one.alpha / 9.0;
        }
    }
    sum
}

/// Width and height of one repeat in drawing units (the figure is 900 tall).
fn tile_size(motif: Motif) -> (f32, f32) {
    match motif {
        Motif::Plain | Motif::Ombre => (24.0, 24.0),
        Motif::Pinstripe => (15.0, 15.0),
        Motif::Stripe => (38.0, 38.0),
        Motif::Border => (26.0, 26.0),
        Motif::Gingham => (20.0, 20.0),
        Motif::Tartan => (66.0, 66.0),
        Motif::Houndstooth => (22.0, 22.0),
        Motif::Herringbone => (20.0, 10.0),
        Motif::Dots => (26.0, 26.0),
        Motif::Ditsy => (58.0, 58.0),
        Motif::Blossom => (112.0, 112.0),
        Motif::Seigaiha => (30.0, 30.0),
        Motif::Asanoha => (36.0, 62.4),
        Motif::Yagasuri => (34.0, 62.0),
        Motif::Shippo => (34.0, 34.0),
        Motif::Paisley => (78.0, 92.0),
        Motif::Leopard => (70.0, 70.0),
        Motif::Zebra => (84.0, 60.0),
        Motif::Denim => (9.0, 9.0),
        Motif::Lace => (44.0, 44.0),
        Motif::CableKnit => (34.0, 30.0),
        Motif::Corduroy => (6.0, 12.0),
        Motif::Tweed => (48.0, 48.0),
        Motif::Quilted => (40.0, 40.0),
        Motif::Argyle => (48.0, 72.0),
        Motif::Sequins => (40.0, 40.0),
        Motif::Brushstroke => (150.0, 150.0),
        Motif::Geometric => (92.0, 92.0),
    }
}

fn relief(motif: Motif) -> f32 {
    match motif {
        Motif::CableKnit => 2.6,
        Motif::Quilted => 5.0,
        Motif::Corduroy => 0.9,
        Motif::Tweed => 0.7,
        Motif::Denim => 0.35,
        Motif::Sequins => 0.9,
        Motif::Lace => 0.6,
        _ => 0.3,
    }
}

fn texel(motif: Motif, inks: &Inks, x: f32, y: f32) -> Texel {
    match motif {
        Motif::Plain | Motif::Ombre => weave::plain(inks, x, y),
        Motif::Pinstripe => weave::pinstripe(inks, x),
        Motif::Stripe => weave::stripe(inks, x),
        Motif::Border => weave::border(inks, y),
        Motif::Gingham => weave::gingham(inks, x, y),
        Motif::Tartan => weave::tartan(inks, x, y),
        Motif::Houndstooth => weave::houndstooth(inks, x, y),
        Motif::Herringbone => weave::herringbone(inks, x, y),
        Motif::Denim => weave::denim(inks, x, y),
        Motif::Tweed => weave::tweed(inks, x, y),
        Motif::Argyle => weave::argyle(inks, x, y),
        Motif::Dots => prints::dots(inks, x, y),
        Motif::Ditsy => prints::ditsy(inks, x, y),
        Motif::Blossom => prints::blossom(inks, x, y),
        Motif::Paisley => prints::paisley(inks, x, y),
        Motif::Leopard => prints::leopard(inks, x, y),
        Motif::Zebra => prints::zebra(inks, x, y),
        Motif::Brushstroke => prints::brushstroke(inks, x, y),
        Motif::Geometric => prints::geometric(inks, x, y),
        Motif::Seigaiha => wagara::seigaiha(inks, x, y),
        Motif::Asanoha => wagara::asanoha(inks, x, y),
        Motif::Yagasuri => wagara::yagasuri(inks, x, y),
        Motif::Shippo => wagara::shippo(inks, x, y),
        Motif::Lace => structure::lace(inks, x, y),
        Motif::CableKnit => structure::cable_knit(inks, x, y),
        Motif::Corduroy => structure::corduroy(inks, x),
        Motif::Quilted => structure::quilted(inks, x, y),
        Motif::Sequins => structure::sequins(inks, x, y),
    }
}
