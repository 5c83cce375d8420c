//! What money is for.

use serde::{Deserialize, Serialize};

/// What money is for. Who owns the purpose learns what becomes of the payment through [`crate::PurposeRoutes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Purpose {
    /// An order.
    Order,
    /// A pack of credits.
    CreditPack,
    /// A subscription.
    Subscription,
    /// No purpose takes it: a second capture, another amount, or a payment that we lost. Given back.
    Unmatched,
}

impl Purpose {
    /// The name in the database and in the provider's notes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::CreditPack => "credit_pack",
            Self::Subscription => "subscription",
            Self::Unmatched => "unmatched",
        }
    }
}
