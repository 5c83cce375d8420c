//! The size of a picture that is to be made: a shape, or exact pixels.

use serde::{Deserialize, Serialize};

use crate::aspect_ratio::AspectRatio;

/// The smallest and the largest edge of an exact size, in pixels.
pub(crate) const EXACT_EDGE_PX: (u32, u32) = (64, 4_096);

/// How large a picture is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputSize {
    /// This shape, in the pixels that the model makes.
    Ratio(AspectRatio),
    /// Exactly these pixels: made in the nearest shape, then cropped around the middle and scaled.
    Exact {
        /// From 64 to 4,096.
        width_px: u32,
        /// From 64 to 4,096.
        height_px: u32,
    },
}

impl OutputSize {
    /// An exact size; `None` where an edge is out of bounds.
    pub fn exact(width_px: u32, height_px: u32) -> Option<Self> {
        let (min, max) = EXACT_EDGE_PX;
        let is_allowed = |edge_px: u32| (min..=max).contains(&edge_px);
        (is_allowed(width_px) && is_allowed(height_px)).then_some(Self::Exact { width_px, height_px })
    }

    /// The shape that a provider is asked for: the one that loses least when it is cropped to this size.
    pub fn ratio(self) -> AspectRatio {
        let Self::Exact { width_px, height_px } = self else {
            let Self::Ratio(ratio) = self else { return AspectRatio::default() };
            return ratio;
        };
        let (width, height) = (u64::from(width_px), u64::from(height_px));
        // The part that is left after cropping, in millionths of the picture.
        let kept = |ratio: &AspectRatio| {
            let (across, down) = ratio.parts();
            let (one, other) = (width * u64::from(down), height * u64::from(across));
            one.min(other) * 1_000_000 / one.max(other).max(1)
        };
        AspectRatio::ALL.into_iter().max_by_key(kept).unwrap_or_default()
    }

    /// The exact pixels, where they were asked for.
    pub const fn exact_pixels(self) -> Option<(u32, u32)> {
        match self {
            Self::Exact { width_px, height_px } => Some((width_px, height_px)),
            Self::Ratio(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_exact_size_is_made_in_the_nearest_shape() {
        for ((width, height), ratio) in [
            ((750, 400), "16:9"),
            ((1200, 628), "16:9"),
            ((1080, 1080), "1:1"),
            ((1080, 1920), "9:16"),
            ((1500, 500), "21:9"),
            ((1200, 1500), "4:5"),
            ((1000, 1500), "2:3"),
        ] {
            assert_eq!(OutputSize::exact(width, height).unwrap().ratio().as_str(), ratio, "{width}×{height}");
        }
        assert_eq!(OutputSize::exact(63, 400), None);
        assert_eq!(OutputSize::exact(400, 4_097), None);
        assert_eq!(OutputSize::Ratio(AspectRatio::FourToFive).ratio(), AspectRatio::FourToFive);
    }

    proptest! {
        #[test]
        fn an_exact_size_in_the_shape_of_a_ratio_is_made_in_that_ratio(which in 0..10_usize, scale in 40..190_u32) {
            let ratio = AspectRatio::ALL[which];
            let (across, down) = ratio.parts();
            if let Some(size) = OutputSize::exact(across * scale, down * scale) {
                prop_assert_eq!(size.ratio(), ratio);
            }
        }
    }
}
