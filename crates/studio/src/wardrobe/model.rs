//! The answers of the five steps.

use serde::{Deserialize, Serialize};

use crate::providers::model::Illustration;

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

    /// What the embedded illustrator draws from these answers.
    pub(crate) fn illustration(&self) -> Illustration {
        let first = |list: &[String]| list.first().filter(|entry| !entry.is_empty()).cloned();
        Illustration {
            vibe: first(&self.vibe),
            silhouette: first(&self.silhouette),
            colours: self.color.clone(),
            occasion: first(&self.occasion),
            season: first(&self.season),
            extra: self.extra.clone(),
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
