//! What payments tells the owners of purposes.

use kernel::{PaymentId, RefundId, UserId, Yen};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::disputes::model::DisputeState;
use crate::payment::model::Payment;
use crate::providers::code::ProviderCode;
use crate::purpose::Purpose;
use crate::refunds::model::{LineAmount, RefundReason};

/// What became of a payment: it is settled, or it has lapsed. Delivered at least once, in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentNotice {
    /// What the money is for.
    pub purpose: Purpose,
    /// What exactly: the order's id.
    pub reference_id: Uuid,
    /// The payment.
    pub payment_id: PaymentId,
    /// The whole amount of the payment.
    pub amount_yen: Yen,
    /// Who took the money; of a payment that lapsed, the last one that was to take it.
    pub provider: ProviderCode,
    /// Who paid.
    pub buyer_id: Option<UserId>,
}

impl PaymentNotice {
    pub(crate) fn about(payment: &Payment, provider: ProviderCode) -> Self {
        Self {
            purpose: payment.purpose,
            reference_id: payment.reference_id,
            payment_id: payment.id,
            amount_yen: payment.amount,
            provider,
            buyer_id: payment.buyer_id,
        }
    }
}

/// Money of a payment went back. Sent again with other lines when an operator has corrected for what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundNotice {
    /// The payment.
    #[serde(flatten)]
    pub payment: PaymentNotice,
    /// The refund.
    pub refund_id: RefundId,
    /// How much went back by it.
    pub refunded_yen: Yen,
    /// Why.
    pub reason: RefundReason,
    /// For which order items; they sum to the refund. Empty for money that bought no order items.
    pub lines: Vec<LineAmount>,
}

/// A dispute of a payment was raised, moved or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DisputeNotice {
    /// The payment.
    #[serde(flatten)]
    pub payment: PaymentNotice,
    /// The dispute.
    pub dispute_id: Uuid,
    /// Its state.
    pub state: DisputeState,
    /// What is disputed.
    pub disputed_yen: Yen,
    /// The provider's word for why.
    pub reason: String,
    /// For which order items money is or was held back; empty while nothing was withdrawn.
    pub lines: Vec<LineAmount>,
}

/// The kinds of notices about a payment alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NoticeKind {
    /// The money is there; also after a lapse.
    Settled,
    /// It will not come, and nobody can pay any more.
    Lapsed,
}
