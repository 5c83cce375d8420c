//! A model and what it can do.

use std::collections::BTreeMap;

use credits::prices::Operation;

use crate::aspect_ratio::AspectRatio;
use crate::providers::model::ProviderKind;

/// A row of `ai_models`.
#[derive(Clone, Debug)]
pub(crate) struct AiModel {
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
    /// How many pictures it can be given.
    pub reference_limit: i32,
    /// Millionths of a US dollar per picture by size; `-` where it takes no size. Empty where the price is not known:
    /// OpenAI's models are priced by token and Gemini 2.5's price could not be verified (reference/ai-providers.md); an
    /// operator who knows enters it.
    pub price_micro_usd: sqlx::types::Json<BTreeMap<String, i64>>,
}

impl AiModel {
    /// Whether it can do this, with so many input pictures and, for a picture, in this shape.
    pub(crate) fn can(&self, operation: Operation, input_count: usize, ratio: Option<AspectRatio>) -> bool {
        self.operations.iter().any(|known| known == operation.as_str())
            && usize::try_from(self.reference_limit).is_ok_and(|limit| input_count <= limit)
            && ratio.is_none_or(|ratio| self.ratios.iter().any(|known| known == ratio.as_str()))
    }

    /// The name of the size that the studio asks for, and that its price is for: the smallest.
    pub(crate) fn studio_size(&self) -> Option<&str> {
        self.sizes.first().map(String::as_str)
    }

    /// Width and height of a picture of this shape at the smallest size.
    pub(crate) fn pixels_of(&self, ratio: AspectRatio) -> Option<(u32, u32)> {
        self.pixels.get(ratio.as_str()).copied()
    }

    /// What a picture of this size name costs the platform, in millionths of a US dollar; `None` when it is not known.
    pub(crate) fn cost_micro_usd(&self, size: Option<&str>) -> Option<i64> {
        self.price_micro_usd.get(size.unwrap_or("-")).copied()
    }
}
