//! What a balance is.

use kernel::Yen;

/// What the platform owes a seller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SellerBalance {
    /// May be paid out; below zero after a refund of what was paid out already.
    pub available: Yen,
    /// May still be refunded.
    pub pending: Yen,
    /// In dispute.
    pub frozen: Yen,
    /// On its way to the seller's bank.
    pub in_transit: Yen,
}

/// The balance of one kind of account over all parties, as a debit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindBalance {
    /// As in `ledger_account_kinds.code`.
    pub kind: String,
    /// Positive is a debit.
    pub debit: Yen,
}
