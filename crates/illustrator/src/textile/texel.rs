//! One sample of a cloth, and the colours that it is made with.

use crate::colour::Rgb;

/// One thread's worth of cloth.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Texel {
    pub(crate) rgb: [f32; 3],
    /// Relief, about −1 to 1.
    pub(crate) bump: f32,
    /// 1 opaque; less where the cloth is open.
    pub(crate) alpha: f32,
}

impl Texel {
    pub(crate) fn flat(colour: Rgb) -> Self {
        Self { rgb: colour.0, bump: 0.0, alpha: 1.0 }
    }

    pub(crate) fn raised(colour: Rgb, bump: f32) -> Self {
        Self { rgb: colour.0, bump, alpha: 1.0 }
    }
}

/// The colours that a cloth is printed or woven with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inks {
    pub(crate) base: Rgb,
    pub(crate) second: Rgb,
    pub(crate) accent: Rgb,
}
