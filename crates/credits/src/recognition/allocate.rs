//! What of a price is paid for which credits.

use kernel::{ImageCredits, Tokens, Yen};

/// A price divided among what it buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// For the tokens.
    pub tokens: Yen,
    /// For the image credits.
    pub images: Yen,
}

/// Divides what was paid by stand-alone prices: ten tokens a yen, and an image credit at the tokens that the same picture
/// would cost. The tokens' part is rounded down, the images take the rest, so that the parts make the whole.
pub fn allocate(paid: Yen, tokens: Tokens, images: ImageCredits, tokens_per_image: Tokens) -> Allocation {
    let (tokens_alone, images_alone) =
        (i128::from(tokens.get()), i128::from(images.get()) * i128::from(tokens_per_image.get()));
    let whole = tokens_alone + images_alone;
    let for_tokens = match whole {
        0 => 0,
        _ if images.is_zero() => i128::from(paid.get()),
        _ => i128::from(paid.get()) * tokens_alone / whole,
    };
    // A part of the price is no larger than the price, which is an `i64`.
    let for_tokens = Yen(i64::try_from(for_tokens).unwrap_or(paid.get()));
    Allocation { tokens: for_tokens, images: paid - for_tokens }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_plans_of_the_ladder() {
        let of =
            |paid, tokens, images| allocate(Yen(paid), Tokens::whole(tokens), ImageCredits(images), Tokens(50_400));
        assert_eq!(of(1_980, 0, 50), Allocation { tokens: Yen(0), images: Yen(1_980) });
        assert_eq!(of(5_000, 50_000, 0), Allocation { tokens: Yen(5_000), images: Yen(0) });
        // 50,000 tokens and 200 pictures of 50.4 tokens: 50,000 of 60,080.
        assert_eq!(of(9_800, 50_000, 200), Allocation { tokens: Yen(8_155), images: Yen(1_645) });
        assert_eq!(of(0, 0, 0), Allocation { tokens: Yen(0), images: Yen(0) });
    }

    proptest! {
        #[test]
        fn the_parts_make_the_whole(
            paid in 0..=10_000_000_i64, tokens in 0..=100_000_000_000_i64, images in 0..=1_000_000_i64,
            per_image in 0..=1_000_000_i64,
        ) {
            let parts = allocate(Yen(paid), Tokens(tokens), ImageCredits(images), Tokens(per_image));
            prop_assert!(parts.tokens >= Yen::ZERO && parts.images >= Yen::ZERO);
            prop_assert_eq!(parts.tokens + parts.images, Yen(paid));
        }
    }
}
