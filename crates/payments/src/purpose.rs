//! What money is for.

use serde::{Deserialize, Serialize};

/// What money is for. Who owns the purpose learns what becomes of the payment through [`crate::PurposeRoutes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Purpose {
    /// An order of the market.
    Order,
    /// A pack of credits.
    CreditPack,
    /// A subscription.
    Subscription,
    /// Nothing that we know: ours by its notes, lost on our side. Given back.
    Orphan,
}

impl Purpose {
    /// The name in the database and in the provider's notes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::CreditPack => "credit_pack",
            Self::Subscription => "subscription",
            Self::Orphan => "orphan",
        }
    }
}
