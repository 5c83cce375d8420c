//! A model and what it can do.

use std::collections::BTreeMap;

use crate::aspect_ratio::AspectRatio;
use crate::providers::model::ProviderKind;

/// What a model is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A picture from a text.
    Generate,
    /// A picture from a picture and a text.
    Edit,
}

impl Operation {
    /// The name in `ai_models.operations`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Edit => "edit",
        }
    }
}

/// A row of `ai_models`.
#[derive(Clone, Debug)]
pub(crate) struct ImageModel {
    /// Who runs it.
    pub provider: ProviderKind,
    /// The provider's name for it.
    pub model: String,
    /// The name that people see.
    pub label: String,
    /// What it does.
    pub operations: Vec<String>,
    /// The shapes that it makes.
    pub ratios: Vec<String>,
    /// The names of its sizes, smallest first; none when it takes no size.
    pub sizes: Vec<String>,
    /// Width and height by ratio, at the smallest size.
    pub pixels: sqlx::types::Json<BTreeMap<String, (u32, u32)>>,
    /// Millionths of a US dollar per picture by size; `-` where it takes no size. Empty where the price is not known:
    /// OpenAI's models are priced by token and Gemini 2.5's price could not be verified (reference/ai-providers.md); an
    /// operator who knows enters it.
    pub price_micro_usd: sqlx::types::Json<BTreeMap<String, i64>>,
}

impl ImageModel {
    /// Whether it can do this in this shape.
    pub(crate) fn can(&self, operation: Operation, ratio: AspectRatio) -> bool {
        self.operations.iter().any(|known| known == operation.as_str())
            && self.ratios.iter().any(|known| known == ratio.as_str())
    }

    /// The size that the studio asks for: the smallest.
    pub(crate) fn studio_size(&self) -> Option<&str> {
        self.sizes.first().map(String::as_str)
    }

    /// Width and height of a picture of this shape at the studio's size.
    pub(crate) fn pixels_of(&self, ratio: AspectRatio) -> Option<(u32, u32)> {
        self.pixels.get(ratio.as_str()).copied()
    }

    /// What a picture at the studio's size costs the platform, in millionths of a US dollar; `None` when it is not known.
    pub(crate) fn cost_micro_usd(&self) -> Option<i64> {
        self.price_micro_usd.get(self.studio_size().unwrap_or("-")).copied()
    }
}
