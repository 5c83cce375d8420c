//! What a dispute is.

use kernel::Yen;
use serde::{Deserialize, Serialize};

use crate::providers::stripe::objects::Dispute;

/// Where a dispute stands. Only forward, whatever order the provider's words come in.
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

/// What an event says of a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DisputeUpdate {
    /// The provider's name for it.
    pub provider_dispute_id: String,
    /// The provider's word for where it stands.
    pub status: String,
    /// Where it stands.
    pub state: DisputeState,
    /// What is disputed.
    pub amount: Yen,
}

impl DisputeUpdate {
    /// Reads an event of this kind. Money is withdrawn when the event says so: an inquiry (`warning_…`) never moves any.
    pub(crate) fn read(kind: &str, dispute: &Dispute) -> Self {
        let state = match dispute.status.as_str() {
            "won" => DisputeState::Won,
            "lost" => DisputeState::Lost,
            _ if kind == "charge.dispute.funds_withdrawn" => DisputeState::Withdrawn,
            _ => DisputeState::Raised,
        };
        Self {
            provider_dispute_id: dispute.id.clone(),
            status: dispute.status.clone(),
            state,
            amount: Yen(dispute.amount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_order_the_news_come_in_a_dispute_ends_as_it_ended() {
        let all = [DisputeState::Raised, DisputeState::Withdrawn, DisputeState::Lost, DisputeState::Won];
        for first in all {
            for second in all {
                for third in all {
                    let end =
                        [second, third].iter().fold(first, |state, reported| state.after(*reported).unwrap_or(state));
                    assert_eq!(end, [first, second, third].into_iter().max().unwrap());
                }
            }
        }
        assert_eq!(DisputeState::Won.after(DisputeState::Lost), None, "what was won stays won");
    }

    #[test]
    fn an_inquiry_moves_no_money() {
        let dispute = |status: &str| Dispute {
            id: "du_1".to_owned(),
            amount: 100,
            status: status.to_owned(),
            payment_intent: None,
        };
        let state = |kind, status| DisputeUpdate::read(kind, &dispute(status)).state;
        assert_eq!(state("charge.dispute.created", "warning_needs_response"), DisputeState::Raised);
        assert_eq!(state("charge.dispute.closed", "warning_closed"), DisputeState::Raised);
        assert_eq!(state("charge.dispute.created", "needs_response"), DisputeState::Raised);
        assert_eq!(state("charge.dispute.funds_withdrawn", "needs_response"), DisputeState::Withdrawn);
        assert_eq!(state("charge.dispute.closed", "lost"), DisputeState::Lost);
        assert_eq!(state("charge.dispute.funds_reinstated", "won"), DisputeState::Won);
    }
}
