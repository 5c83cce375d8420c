//! What a transfer is made of.

use kernel::{OrderId, OrderItemId, PaymentId, TransferId, Yen};

use crate::accounts::model::Account;

/// The business fact that a transfer records; one per business key and source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// A paid order.
    Sale,
    /// A payment for what cannot be delivered.
    Receipt,
    /// Money back to a buyer.
    Refund,
    /// What a provider kept of a payment.
    ProviderFee,
    /// A share that can no longer be refunded by the buyer's wish.
    Maturity,
    /// A provider withdrew money because of a dispute.
    DisputeOpened,
    /// A dispute ended for the platform.
    DisputeWon,
    /// A dispute ended for the buyer.
    DisputeLost,
    /// A payout was ordered.
    PayoutStarted,
    /// A payout arrived.
    PayoutPaid,
    /// A payout came back.
    PayoutFailed,
    /// A provider paid the platform.
    ProviderSettlement,
    /// An operator's correction, with a reason.
    Adjustment,
    /// Credits that were paid for were used or have expired.
    CreditRecognised,
    /// A refund was attributed to other items than at first.
    RefundCorrection,
}

impl TransferKind {
    /// The name in `ledger_transfers.kind`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Receipt => "receipt",
            Self::Refund => "refund",
            Self::ProviderFee => "provider_fee",
            Self::Maturity => "maturity",
            Self::DisputeOpened => "dispute_opened",
            Self::DisputeWon => "dispute_won",
            Self::DisputeLost => "dispute_lost",
            Self::PayoutStarted => "payout_started",
            Self::PayoutPaid => "payout_paid",
            Self::PayoutFailed => "payout_failed",
            Self::ProviderSettlement => "provider_settlement",
            Self::Adjustment => "adjustment",
            Self::CreditRecognised => "credit_recognised",
            Self::RefundCorrection => "refund_correction",
        }
    }
}

/// The specification's `entry_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryType {
    /// What the buyer paid.
    SaleGross,
    /// The platform's share.
    PlatformFee,
    /// The provider's fee.
    PaymentFee,
    /// The seller's share.
    SellerNet,
    /// Money on its way to a seller.
    Payout,
    /// A move between accounts of the same party, or a correction.
    Adjustment,
    /// Money back to a buyer, and the shares that pay for it.
    Refund,
}

impl EntryType {
    /// The name in `ledger_entries.entry_type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SaleGross => "sale_gross",
            Self::PlatformFee => "platform_fee",
            Self::PaymentFee => "payment_fee",
            Self::SellerNet => "seller_net",
            Self::Payout => "payout",
            Self::Adjustment => "adjustment",
            Self::Refund => "refund",
        }
    }
}

/// One side of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Where it is booked.
    pub account: Account,
    /// What it is.
    pub entry_type: EntryType,
    /// The order item that it concerns, where there is one.
    pub order_item_id: Option<OrderItemId>,
    /// Positive is a debit, negative a credit; never zero.
    pub debit: Yen,
}

/// A transfer that is about to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The domain that posts it.
    pub source: &'static str,
    /// What makes it unique within its source and kind: an order, a refund, a provider's booking.
    pub business_key: String,
    /// The fact.
    pub kind: TransferKind,
    /// The order that it concerns.
    pub order_id: Option<OrderId>,
    /// The payment that it concerns.
    pub payment_id: Option<PaymentId>,
    /// For people; not part of the transfer's identity.
    pub note: String,
    /// At least two, summing to zero.
    pub legs: Vec<Leg>,
}

impl Draft {
    /// An empty transfer.
    pub fn new(source: &'static str, kind: TransferKind, business_key: impl Into<String>) -> Self {
        Self {
            source,
            business_key: business_key.into(),
            kind,
            order_id: None,
            payment_id: None,
            note: String::new(),
            legs: Vec::new(),
        }
    }

    /// Adds a leg; nothing when the amount is zero, for a zero entry says nothing.
    pub fn leg(&mut self, account: Account, entry_type: EntryType, order_item_id: Option<OrderItemId>, debit: Yen) {
        if !debit.is_zero() {
            self.legs.push(Leg { account, entry_type, order_item_id, debit });
        }
    }

    /// Whether debits equal credits.
    pub fn is_balanced(&self) -> bool {
        self.legs.iter().map(|leg| leg.debit).sum::<Yen>().is_zero()
    }
}

/// A posted transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its id; of the first posting, when this one repeated it.
    pub transfer_id: TransferId,
    /// Whether this call wrote it.
    pub is_new: bool,
}
