//! What a refund is.

use std::collections::BTreeMap;

use kernel::{OrderItemId, PaymentId, RefundId, Yen};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// Why money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RefundReason {
    /// What was paid for cannot be delivered: it was sold meanwhile, or is gone.
    Unfulfillable,
    /// The buyer asked and the platform agreed.
    Requested,
    /// It was paid twice.
    Duplicate,
    /// Another amount was captured than was asked for.
    AmountDiffers,
    /// It was paid by somebody who was not allowed to.
    Fraudulent,
    /// The provider has a payment of ours that we do not know.
    UnknownPayment,
    /// An operator gave it back at the provider's own console.
    MadeAtProvider,
}

impl RefundReason {
    /// The name in `refunds.reason`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unfulfillable => "unfulfillable",
            Self::Requested => "requested",
            Self::Duplicate => "duplicate",
            Self::AmountDiffers => "amount_differs",
            Self::Fraudulent => "fraudulent",
            Self::UnknownPayment => "unknown_payment",
            Self::MadeAtProvider => "made_at_provider",
        }
    }

    /// Stripe's word for it; it has three.
    pub(crate) const fn at_provider(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Fraudulent => "fraudulent",
            _ => "requested_by_customer",
        }
    }
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RefundStatus {
    /// Wanted; the provider may not know yet.
    Requested,
    /// The provider has it on its way.
    Pending,
    /// The buyer has it.
    Succeeded,
    /// It came back; an operator's matter.
    Failed,
}

impl RefundStatus {
    /// The name in `refunds.status`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// How much goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundExtent {
    /// All that has not gone back yet.
    Whole,
    /// This much of it, whatever it was paid for; for money that bought no order items.
    Amount(Yen),
    /// These amounts of these order items.
    Lines(Vec<(OrderItemId, Yen)>),
}

impl RefundExtent {
    /// The same extent with one line per item, in the order of their ids.
    pub(crate) fn merged(&self) -> Self {
        let Self::Lines(lines) = self else { return self.clone() };
        let mut merged: BTreeMap<OrderItemId, Yen> = BTreeMap::new();
        for (item, amount) in lines {
            let sum = merged.entry(*item).or_default();
            *sum = *sum + *amount;
        }
        Self::Lines(merged.into_iter().collect())
    }
}

/// A refund that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// The payment.
    pub payment_id: PaymentId,
    /// Why.
    pub reason: RefundReason,
    /// How much.
    pub extent: RefundExtent,
    /// What makes asking twice ask once: the same key of the same payment is the same refund, whatever else the request
    /// says. Chosen by whoever asks; 1 to 200 characters.
    pub key: String,
}

/// The longest key of a request, in characters.
pub(crate) const KEY_CHARS_MAX: usize = 200;

/// A part of an amount, and the order item that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineAmount {
    /// The order item.
    pub order_item_id: OrderItemId,
    /// Its part.
    pub amount_yen: Yen,
}

impl From<(OrderItemId, Yen)> for LineAmount {
    fn from((order_item_id, amount_yen): (OrderItemId, Yen)) -> Self {
        Self { order_item_id, amount_yen }
    }
}

/// A refund that has succeeded, and for which order items it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundLines {
    /// The refund.
    pub refund_id: RefundId,
    /// Why.
    pub reason: RefundReason,
    /// How much went back.
    pub amount: Yen,
    /// For which items; empty for money that bought no order items. They sum to the amount.
    pub lines: Vec<LineAmount>,
}

/// How the lines of a refund were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RefundAttribution {
    /// They were asked for.
    Requested,
    /// By rule from the amount (`docs/MONEY.md` §5).
    Derived,
    /// An operator corrected them.
    Corrected,
}

impl RefundAttribution {
    /// The name in `refunds.attribution`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Derived => "derived",
            Self::Corrected => "corrected",
        }
    }
}

/// The key of a refund's n-th call. Stored before it is used.
pub(crate) fn refund_key(refund_id: RefundId, generation: i32) -> String {
    format!("refund:{refund_id}:{generation}")
}

/// A refund as the platform knows it.
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    pub id: RefundId,
    pub payment_id: PaymentId,
    pub amount: Yen,
    pub reason: RefundReason,
    pub status: RefundStatus,
    pub idempotency_key: String,
    pub generation: i32,
    pub attempts: i32,
    /// Counts the corrections of its lines.
    pub revision: i32,
}

impl Refund {
    /// When to look again.
    pub(crate) fn next_check_at(&self, now: OffsetDateTime) -> OffsetDateTime {
        let doublings = self.attempts.clamp(0, 10).unsigned_abs();
        now + (Duration::minutes(5) * 2_i32.pow(doublings)).min(Duration::hours(12))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn lines_of_one_item_are_added_up_in_one_order() {
        let lines = |lines: &[(u128, i64)]| {
            RefundExtent::Lines(
                lines.iter().map(|(item, amount)| (OrderItemId(Uuid::from_u128(*item)), Yen(*amount))).collect(),
            )
        };
        assert_eq!(lines(&[(1, 10), (2, 20)]).merged(), lines(&[(2, 20), (1, 10)]).merged());
        assert_eq!(lines(&[(1, 10), (2, 1), (1, 5)]).merged(), lines(&[(1, 15), (2, 1)]));
    }
}
