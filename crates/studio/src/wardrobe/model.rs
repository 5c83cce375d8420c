//! The answers of the five steps and the shape of the picture.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a person answered in the five steps, and the free line.
///
/// Order matters: the first entry of a step is the one that the prompt speaks of; every colour is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Answers {
    /// Step 1, the mood: `elegant`, `street`.
    pub vibe: Vec<String>,
    /// Step 2, the cut: `oversized`, `tailored`.
    pub silhouette: Vec<String>,
    /// Step 3, the palette: `navy`, `ivory`.
    pub color: Vec<String>,
    /// Step 4, what it is worn for: `office`, `evening party`.
    pub occasion: Vec<String>,
    /// Step 5: `spring`, `winter`.
    pub season: Vec<String>,
    /// One free line, such as a material or a detail.
    pub extra: String,
}

/// The five steps in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The mood.
    Vibe,
    /// The cut.
    Silhouette,
    /// The palette.
    Color,
    /// What it is worn for.
    Occasion,
    /// The time of the year.
    Season,
}

impl Step {
    /// All five, in the order in which they are asked.
    pub const ALL: [Self; 5] = [Self::Vibe, Self::Silhouette, Self::Color, Self::Occasion, Self::Season];

    /// The name in JSON, in forms and in `?step=`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vibe => "vibe",
            Self::Silhouette => "silhouette",
            Self::Color => "color",
            Self::Occasion => "occasion",
            Self::Season => "season",
        }
    }

    /// Whether several answers are used; otherwise the first one counts.
    pub const fn takes_several(self) -> bool {
        matches!(self, Self::Color)
    }
}

impl Answers {
    /// What was answered at `step`.
    pub fn at(&self, step: Step) -> &[String] {
        match step {
            Step::Vibe => &self.vibe,
            Step::Silhouette => &self.silhouette,
            Step::Color => &self.color,
            Step::Occasion => &self.occasion,
            Step::Season => &self.season,
        }
    }

    /// The place to write the answers of `step`.
    pub fn at_mut(&mut self, step: Step) -> &mut Vec<String> {
        match step {
            Step::Vibe => &mut self.vibe,
            Step::Silhouette => &mut self.silhouette,
            Step::Color => &mut self.color,
            Step::Occasion => &mut self.occasion,
            Step::Season => &mut self.season,
        }
    }
}

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
