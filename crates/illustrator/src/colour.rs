//! Colours: gamma-encoded sRGB triples for painting, Oklab for choosing.

use crate::scalar::mix;

/// Gamma-encoded sRGB, each channel in `[0, 1]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rgb(pub(crate) [f32; 3]);

impl Rgb {
    /// From `#rrggbb`; anything else is a middle grey.
    pub(crate) fn hex(text: &str) -> Self {
        Self::parse_hex(text).unwrap_or(Self([0.5; 3]))
    }

    /// From `#rrggbb` or `#rgb`.
    pub(crate) fn parse_hex(text: &str) -> Option<Self> {
        let digits: Option<Vec<u32>> = text.strip_prefix('#')?.chars().map(|c| c.to_digit(16)).collect();
        let channel = |high: u32, low: u32| (high * 16 + low) as f32 / 255.0;
        match digits?.as_slice() {
            [a, b, c, d, e, f] => Some(Self([channel(*a, *b), channel(*c, *d), channel(*e, *f)])),
            [a, b, c] => Some(Self([channel(*a, *a), channel(*b, *b), channel(*c, *c)])),
            _ => None,
        }
    }

    /// Blend towards another colour.
    pub(crate) fn mix(self, other: Self, t: f32) -> Self {
        let [a, b, c] = self.0;
        let [x, y, z] = other.0;
        Self([mix(a, x, t), mix(b, y, t), mix(c, z, t)])
    }

    /// Perceived lightness, 0 to 1.
    pub(crate) fn lightness(self) -> f32 {
        self.to_oklab()[0]
    }

    /// Multiplied channel by channel.
    pub(crate) fn times(self, other: Self) -> Self {
        let [a, b, c] = self.0;
        let [x, y, z] = other.0;
        Self([a * x, b * y, c * z])
    }

    /// Oklab: lightness, green–red, blue–yellow.
    pub(crate) fn to_oklab(self) -> [f32; 3] {
        let [r, g, b] = self.0.map(linear);
        let l = libm::cbrtf(0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b);
        let m = libm::cbrtf(0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b);
        let s = libm::cbrtf(0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b);
        [
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        ]
    }

    /// From Oklab, clipped to the gamut.
    pub(crate) fn from_oklab([lightness, a, b]: [f32; 3]) -> Self {
        let l = lightness + 0.396_337_78 * a + 0.215_803_76 * b;
        let m = lightness - 0.105_561_346 * a - 0.063_854_17 * b;
        let s = lightness - 0.089_484_18 * a - 1.291_485_5 * b;
        let (l, m, s) = (l * l * l, m * m * m, s * s * s);
        Self([
            encoded(4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s),
            encoded(-1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s),
            encoded(-0.004_196_086 * l - 0.703_418_6 * m + 1.707_614_7 * s),
        ])
    }

    /// Lighter or darker by a step of perceived lightness, with the chroma scaled.
    pub(crate) fn shift(self, lightness: f32, chroma: f32) -> Self {
        let [l, a, b] = self.to_oklab();
        Self::from_oklab([(l + lightness).clamp(0.04, 0.985), a * chroma, b * chroma])
    }

    /// The same colour at a given perceived lightness.
    pub(crate) fn at_lightness(self, lightness: f32) -> Self {
        let [_, a, b] = self.to_oklab();
        Self::from_oklab([lightness, a, b])
    }

    /// Turned in hue by an angle in radians.
    pub(crate) fn turned(self, angle: f32) -> Self {
        let [l, a, b] = self.to_oklab();
        let (s, c) = (crate::scalar::sin(angle), crate::scalar::cos(angle));
        Self::from_oklab([l, a * c - b * s, a * s + b * c])
    }

    /// The ink that draws lines on this colour: much darker, slightly coloured.
    pub(crate) fn ink(self) -> Self {
        let [l, a, b] = self.to_oklab();
        Self::from_oklab([(l * 0.36).clamp(0.12, 0.30), a * 0.55, b * 0.55])
    }
}

fn linear(v: f32) -> f32 {
    if v <= 0.040_45 { v / 12.92 } else { libm::powf((v + 0.055) / 1.055, 2.4) }
}

fn encoded(v: f32) -> f32 {
    let v = v.clamp(0.0, 1.0);
    if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * libm::powf(v, 1.0 / 2.4) - 0.055 }
}
