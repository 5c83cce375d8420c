//! What the purchase of a pack is.

use kernel::{PaymentId, Tokens, UserId, Yen};
use time::OffsetDateTime;

use crate::ids::PackPurchaseId;

/// Where the purchase of a pack stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PackState {
    /// The buyer may pay.
    Open,
    /// The tokens are there.
    Paid,
    /// Nobody can pay any more.
    Lapsed,
    /// What was unspent is taken back, and its money went back.
    Refunded,
}

/// A pack that somebody buys or has bought.
#[derive(Clone, Debug)]
pub struct PackPurchase {
    /// Ours; the reference of its payment.
    pub id: PackPurchaseId,
    /// Who buys.
    pub user_id: UserId,
    /// Which pack.
    pub pack_id: i32,
    /// What is in it, as it was when it was bought.
    pub tokens: Tokens,
    /// What it costs, as it was when it was bought.
    pub price: Yen,
    /// Where it stands.
    pub state: PackState,
    /// The payment, once the money is there.
    pub payment_id: Option<PaymentId>,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
}

impl PackPurchase {
    /// The key of the lot that a payment brings: one payment, one lot.
    pub fn lot_key(payment_id: PaymentId) -> String {
        format!("purchase:{payment_id}")
    }
}
