//! The shape of a picture as width to height.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The shape of a picture: every ratio that an image model of `reference/ai-providers.md` takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, utoipa::ToSchema)]
pub enum AspectRatio {
    /// 1:1
    Square,
    /// 2:3
    TwoToThree,
    /// 3:2
    ThreeToTwo,
    /// 3:4, what the studio starts with.
    #[default]
    ThreeToFour,
    /// 4:3
    FourToThree,
    /// 4:5
    FourToFive,
    /// 5:4
    FiveToFour,
    /// 9:16
    NineToSixteen,
    /// 16:9
    SixteenToNine,
    /// 21:9
    TwentyOneToNine,
}

impl AspectRatio {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Square,
        Self::TwoToThree,
        Self::ThreeToTwo,
        Self::ThreeToFour,
        Self::FourToThree,
        Self::FourToFive,
        Self::FiveToFour,
        Self::NineToSixteen,
        Self::SixteenToNine,
        Self::TwentyOneToNine,
    ];

    /// What the wardrobe studio offers, in the order of its buttons.
    pub const WARDROBE: [Self; 5] =
        [Self::Square, Self::ThreeToFour, Self::FourToThree, Self::NineToSixteen, Self::SixteenToNine];

    /// Width and height as the ratio's two numbers.
    pub const fn parts(self) -> (u32, u32) {
        match self {
            Self::Square => (1, 1),
            Self::TwoToThree => (2, 3),
            Self::ThreeToTwo => (3, 2),
            Self::ThreeToFour => (3, 4),
            Self::FourToThree => (4, 3),
            Self::FourToFive => (4, 5),
            Self::FiveToFour => (5, 4),
            Self::NineToSixteen => (9, 16),
            Self::SixteenToNine => (16, 9),
            Self::TwentyOneToNine => (21, 9),
        }
    }

    /// The text in JSON, in the database and in a provider's request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Square => "1:1",
            Self::TwoToThree => "2:3",
            Self::ThreeToTwo => "3:2",
            Self::ThreeToFour => "3:4",
            Self::FourToThree => "4:3",
            Self::FourToFive => "4:5",
            Self::FiveToFour => "5:4",
            Self::NineToSixteen => "9:16",
            Self::SixteenToNine => "16:9",
            Self::TwentyOneToNine => "21:9",
        }
    }
}

impl fmt::Display for AspectRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AspectRatio {
    type Err = UnknownRatio;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|ratio| ratio.as_str() == text).ok_or(UnknownRatio)
    }
}

impl Serialize for AspectRatio {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AspectRatio {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// No picture of this shape is made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the aspect ratio is not one that is offered")]
pub struct UnknownRatio;
