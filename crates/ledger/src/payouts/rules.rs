//! Payouts: from a seller's available money through transit to the bank. Pure rules; their callers come with payouts.

use kernel::{UserId, Yen};

use crate::accounts::model::{Account, ProviderName};
use crate::transfers::model::{Draft, EntryType, TransferKind};

/// A payout is ordered. `payout_key` is stored before the provider is called.
pub fn payout_started(payout_key: &str, seller_id: UserId, amount: Yen) -> Draft {
    let mut draft = Draft::new("payouts", TransferKind::PayoutStarted, payout_key);
    draft.leg(Account::SellerAvailable(seller_id), EntryType::Payout, None, amount);
    draft.leg(Account::PayoutInTransit(seller_id), EntryType::Payout, None, -amount);
    draft
}

/// The payout has arrived.
pub fn payout_paid(payout_key: &str, seller_id: UserId, amount: Yen) -> Draft {
    let mut draft = Draft::new("payouts", TransferKind::PayoutPaid, payout_key);
    draft.leg(Account::PayoutInTransit(seller_id), EntryType::Payout, None, amount);
    draft.leg(Account::Bank, EntryType::Payout, None, -amount);
    draft
}

/// The payout came back; the seller has it again.
pub fn payout_failed(payout_key: &str, seller_id: UserId, amount: Yen) -> Draft {
    let mut draft = Draft::new("payouts", TransferKind::PayoutFailed, payout_key);
    draft.leg(Account::PayoutInTransit(seller_id), EntryType::Payout, None, amount);
    draft.leg(Account::SellerAvailable(seller_id), EntryType::Payout, None, -amount);
    draft
}

/// A provider has paid the platform what it held. Keyed by the provider's own payout.
pub fn provider_settlement(provider: &ProviderName, provider_payout: &str, amount: Yen) -> Draft {
    let key = format!("{provider}:{provider_payout}");
    let mut draft = Draft::new("payments", TransferKind::ProviderSettlement, key);
    draft.leg(Account::Bank, EntryType::Adjustment, None, amount);
    draft.leg(Account::ProviderClearing(provider.clone()), EntryType::Adjustment, None, -amount);
    draft
}
