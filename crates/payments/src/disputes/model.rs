//! What a dispute is.

use kernel::Yen;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::refunds::model::LineAmount;

/// The state of a dispute. Only forward, whatever order the provider's reports come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DisputeState {
    /// Somebody disputes the payment; the money is still here.
    Raised,
    /// The provider has taken the money out of the platform's account.
    Withdrawn,
    /// It ended for the buyer. A bank may still reverse that.
    Lost,
    /// It ended for the platform: the money is back.
    Won,
}

impl DisputeState {
    /// The name in `disputes.state`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Withdrawn => "withdrawn",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// Whether it has been decided. Only a loss may be decided again, for the platform.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Won | Self::Lost)
    }

    /// The state after a report; nothing when the report is not newer.
    pub(crate) fn after(self, reported: Self) -> Option<Self> {
        (reported > self).then_some(reported)
    }
}

/// What a provider reports of a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DisputeReport {
    /// The provider's name for it.
    pub(crate) provider_dispute_id: String,
    /// The provider's word for its state.
    pub(crate) status: String,
    /// The provider's word for why.
    pub(crate) reason: String,
    /// Its state.
    pub(crate) state: DisputeState,
    /// What is disputed.
    pub(crate) amount: Yen,
}

/// A dispute of a payment, and for which order items money is or was held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeLines {
    /// The dispute.
    pub dispute_id: Uuid,
    /// Its state.
    pub state: DisputeState,
    /// What is disputed.
    pub amount: Yen,
    /// For which items; empty while nothing was withdrawn, and for money that bought no order items.
    pub lines: Vec<LineAmount>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_order_the_reports_come_in_a_dispute_ends_as_it_ended() {
        let all = [DisputeState::Raised, DisputeState::Withdrawn, DisputeState::Lost, DisputeState::Won];
        for first in all {
            for second in all {
                for third in all {
                    let end = [second, third].iter().fold(first, |state, report| state.after(*report).unwrap_or(state));
                    assert_eq!(end, [first, second, third].into_iter().max().unwrap());
                }
            }
        }
        assert_eq!(DisputeState::Won.after(DisputeState::Lost), None, "what was won stays won");
    }
}
