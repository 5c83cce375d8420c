//! What a price is made of.

use kernel::{ImageCredits, Tokens};
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::ids::PriceId;

/// How long a price that was shown is honoured after it was superseded.
pub const HONOURED_FOR: Duration = Duration::minutes(60);

/// What the platform makes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Operation {
    /// A new picture.
    Generate,
    /// A picture changed.
    Edit,
    /// A picture looked at.
    Analyse,
    /// A text written.
    Text,
    /// A film made.
    Video,
}

impl Operation {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Generate, Self::Edit, Self::Analyse, Self::Text, Self::Video];

    /// Whether a price is per 1,000 tokens of the model, and not per piece.
    pub const fn is_per_thousand_tokens(self) -> bool {
        matches!(self, Self::Text | Self::Analyse)
    }

    /// The name in the database and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Edit => "edit",
            Self::Analyse => "analyse",
            Self::Text => "text",
            Self::Video => "video",
        }
    }
}

/// What an operation costs: image credits where there are enough, else tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// The price as data; what a page shows comes back with it.
    pub id: PriceId,
    /// Zero: cannot be paid with image credits.
    pub image_credits: ImageCredits,
    /// In thousandths; for texts and analyses per 1,000 tokens of the model.
    pub tokens: Tokens,
}

impl Price {
    /// The price of `count` tokens of a model, of a price per 1,000; rounded up to a thousandth of a token of ours.
    #[must_use]
    pub const fn for_model_tokens(&self, count: i64) -> Self {
        let tokens = Tokens(self.tokens.get().saturating_mul(count).saturating_add(999) / 1_000);
        Self { id: self.id, image_credits: ImageCredits(0), tokens }
    }
}

/// A current price, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedModel {
    /// What is done.
    pub operation: Operation,
    /// Who is asked.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// What it costs.
    pub price: Price,
}

/// What an operation is to cost from now on.
#[derive(Clone, Debug)]
pub struct NewPrice {
    /// What is done.
    pub operation: Operation,
    /// Who is asked.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// Zero: cannot be paid with image credits.
    pub image_credits: ImageCredits,
    /// In thousandths.
    pub tokens: Tokens,
}
