//! Yen, tokens, image credits and shares, in integers only.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// An amount in Japanese yen: the minor unit of JPY, which has no decimals.
///
/// May be negative (a ledger entry, a correction). Arithmetic panics on overflow in no build: the bounds of
/// [`Yen::MAX_ABS`] are far inside `i64`, and the checked forms are for input from outside.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Yen(pub i64);

impl Yen {
    /// Zero yen.
    pub const ZERO: Self = Self(0);
    /// The largest amount that any single price or entry may have: ten billion yen.
    pub const MAX_ABS: i64 = 10_000_000_000;

    /// The number of yen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether the amount is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `⌊self · share⌋`, rounded towards negative infinity, computed in 128 bits.
    pub fn floor_share(self, share: Share) -> Self {
        let exact = i128::from(self.0) * i128::from(share.basis_points());
        let floored = exact.div_euclid(10_000);
        // A share is at most one, so the result is no larger than `self`, which is an `i64`.
        Self(i64::try_from(floored).unwrap_or(self.0))
    }
}

impl Add for Yen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Yen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Yen {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Yen {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Yen {
    /// With thousands separators and without a currency sign: `12,800`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if self.0 < 0 {
            text.push('-');
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.write_str(&text)
    }
}

/// Declares a counted unit of the wallet: a whole number that adds and subtracts, and is stored as one.
macro_rules! credit_unit {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
            utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// Zero of the unit.
            pub const ZERO: Self = Self(0);

            /// The number inside, in the smallest part of the unit.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// Whether there are none.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(self.0.saturating_neg())
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::ZERO, Add::add)
            }
        }
    };
}

credit_unit! {
    /// Tokens in thousandths: `Tokens(1_000)` is one token. One yen is ten tokens, one US dollar 1,500.
    Tokens
}
credit_unit! {
    /// Image credits: one pays for one picture.
    ImageCredits
}

impl Tokens {
    /// Thousandths of a token that one yen is worth.
    pub const MILLI_PER_YEN: i64 = 10_000;

    /// A whole number of tokens.
    pub const fn whole(tokens: i64) -> Self {
        Self(tokens.saturating_mul(1_000))
    }
}

impl fmt::Display for Tokens {
    /// With thousands separators and only the decimals that say something: `1,300`, `50.4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let milli = self.0.unsigned_abs();
        let whole = Yen(i64::try_from(milli / 1_000).unwrap_or(i64::MAX));
        let decimals = format!("{:03}", milli % 1_000);
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            decimals => write!(f, "{sign}{whole}.{decimals}"),
        }
    }
}

impl fmt::Display for ImageCredits {
    /// With thousands separators.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Yen(self.0).fmt(f)
    }
}

/// A part of a whole in basis points (1/10,000), between 0 and 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Share(i32);

impl Share {
    /// A share of `basis_points`/10,000, or nothing when that is not between zero and one.
    pub const fn from_basis_points(basis_points: i32) -> Option<Self> {
        if basis_points >= 0 && basis_points <= 10_000 { Some(Self(basis_points)) } else { None }
    }

    /// The share in basis points.
    pub const fn basis_points(self) -> i32 {
        self.0
    }
}

impl TryFrom<i32> for Share {
    type Error = &'static str;
    fn try_from(basis_points: i32) -> Result<Self, Self::Error> {
        Self::from_basis_points(basis_points).ok_or("a share lies between 0 and 10000 basis points")
    }
}

impl From<Share> for i32 {
    fn from(share: Share) -> Self {
        share.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn yen_are_shown_with_separators() {
        assert_eq!(Yen(0).to_string(), "0");
        assert_eq!(Yen(980).to_string(), "980");
        assert_eq!(Yen(1_980).to_string(), "1,980");
        assert_eq!(Yen(-1_234_567).to_string(), "-1,234,567");
    }

    #[test]
    fn tokens_are_shown_without_idle_decimals() {
        assert_eq!(Tokens::whole(1_300).to_string(), "1,300");
        assert_eq!(Tokens(50_400).to_string(), "50.4");
        assert_eq!(Tokens(-1).to_string(), "-0.001");
        assert_eq!(ImageCredits(2_500).to_string(), "2,500");
    }

    proptest! {
        #[test]
        fn a_share_and_its_rest_make_the_whole(price in 0..=Yen::MAX_ABS, basis_points in 0..=10_000) {
            let Some(share) = Share::from_basis_points(basis_points) else { return Err(TestCaseError::fail("in range")) };
            let part = Yen(price).floor_share(share);
            prop_assert!(part >= Yen::ZERO && part <= Yen(price));
            prop_assert_eq!(part + (Yen(price) - part), Yen(price));
        }
    }
}
