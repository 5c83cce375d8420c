//! The postings of a sale's life, as `reference/payments.md` tabulates them. Pure.

use kernel::{PaymentId, RefundId, UserId, Yen};

use super::model::{ItemState, RefundEffect, Sale, Split, split_sale};
use crate::accounts::model::{Account, ProviderName};
use crate::transfers::model::{Draft, EntryType, TransferKind};

/// A sale: the provider owes the platform the price, the platform owes the seller the share, the rest is earned.
pub fn sale(sale: &Sale) -> Draft {
    let mut draft = Draft::new("market", TransferKind::Sale, sale.order_id.to_string());
    draft.order_id = Some(sale.order_id);
    draft.payment_id = Some(sale.payment_id);
    for line in &sale.lines {
        let item = Some(line.order_item_id);
        let Split { seller, platform } = split_sale(line.price, line.seller_share);
        draft.leg(Account::ProviderClearing(sale.provider.clone()), EntryType::SaleGross, item, line.price);
        draft.leg(Account::SellerPending(line.seller_id), EntryType::SellerNet, item, -seller);
        draft.leg(Account::PlatformRevenue, EntryType::PlatformFee, item, -platform);
    }
    draft
}

/// Money that arrived for what cannot be delivered: owed back to the buyer.
pub fn receipt(payment_id: PaymentId, provider: &ProviderName, amount: Yen) -> Draft {
    let mut draft = Draft::new("payments", TransferKind::Receipt, payment_id.to_string());
    draft.payment_id = Some(payment_id);
    draft.leg(Account::ProviderClearing(provider.clone()), EntryType::Adjustment, None, amount);
    draft.leg(Account::RefundsOwed(provider.clone()), EntryType::Adjustment, None, -amount);
    draft
}

/// A receipt given back.
pub fn receipt_refund(refund_id: RefundId, payment_id: PaymentId, provider: &ProviderName, amount: Yen) -> Draft {
    let mut draft = Draft::new("payments", TransferKind::Refund, refund_id.to_string());
    draft.payment_id = Some(payment_id);
    draft.leg(Account::RefundsOwed(provider.clone()), EntryType::Refund, None, amount);
    draft.leg(Account::ProviderClearing(provider.clone()), EntryType::Refund, None, -amount);
    draft
}

/// A refund of sold items: each by its amount, divided as [`ItemState::take_back`] says.
pub fn refund(refund_id: RefundId, lines: &[(ItemState, Yen)]) -> Draft {
    let mut draft = Draft::new("payments", TransferKind::Refund, refund_id.to_string());
    for (item, amount) in lines {
        let split = item.take_back(*amount);
        concern(&mut draft, item);
        draft.leg(
            Account::ProviderClearing(item.provider.clone()),
            EntryType::Refund,
            Some(item.order_item_id),
            -*amount,
        );
        take_from_seller(&mut draft, item, split.seller, EntryType::Refund);
        draft.leg(Account::PlatformRevenue, EntryType::Refund, Some(item.order_item_id), split.platform);
    }
    draft
}

/// A refund attributed anew: the effects of the old attribution are reversed, those of the new one posted. One leg for each
/// account and item, of the difference.
pub(super) fn refund_correction(
    refund_id: RefundId,
    revision: i32,
    items: &[ItemState],
    effects: &[RefundEffect],
    anew: &[(ItemState, Yen)],
) -> Draft {
    let key = format!("{refund_id}:{revision}");
    let mut draft = Draft::new("payments", TransferKind::RefundCorrection, key);
    for item in items {
        concern(&mut draft, item);
        let old = effects.iter().find(|effect| effect.order_item_id == item.order_item_id);
        let new = anew.iter().find(|(state, _)| state.order_item_id == item.order_item_id).map(|(state, amount)| {
            let split = state.take_back(*amount);
            let from_pending = state.from_pending(split.seller);
            (*amount, from_pending, split.seller - from_pending, split.platform)
        });
        let (refunded, pending, matured, platform) = new.unwrap_or_default();
        let was = |part: fn(&RefundEffect) -> Yen| old.map(part).unwrap_or_default();
        let key = Some(item.order_item_id);
        let clearing = was(|effect| effect.refunded) - refunded;
        draft.leg(Account::ProviderClearing(item.provider.clone()), EntryType::Refund, key, clearing);
        let pending = pending - was(|effect| effect.from_pending);
        seller_leg(&mut draft, item, Account::SellerPending, EntryType::Refund, pending);
        let matured = matured - was(|effect| effect.from_matured);
        seller_leg(&mut draft, item, Account::SellerAvailable, EntryType::Refund, matured);
        draft.leg(Account::PlatformRevenue, EntryType::Refund, key, platform - was(|effect| effect.from_platform));
    }
    draft
}

/// What a provider kept; the platform bears it. Keyed by the provider's own booking.
pub fn provider_fee(provider: &ProviderName, booking: &str, payment_id: PaymentId, fee: Yen) -> Draft {
    let mut draft = Draft::new("payments", TransferKind::ProviderFee, format!("{provider}:{booking}"));
    draft.payment_id = Some(payment_id);
    draft.leg(Account::PaymentFeeExpense, EntryType::PaymentFee, None, fee);
    draft.leg(Account::ProviderClearing(provider.clone()), EntryType::PaymentFee, None, -fee);
    draft
}

/// The seller's part of an item may be paid out from now on.
pub fn maturity(item: &ItemState) -> Draft {
    let mut draft = Draft::new("market", TransferKind::Maturity, item.order_item_id.to_string());
    concern(&mut draft, item);
    seller_leg(&mut draft, item, Account::SellerPending, EntryType::Adjustment, item.pending);
    seller_leg(&mut draft, item, Account::SellerAvailable, EntryType::Adjustment, -item.pending);
    draft
}

/// A provider withdrew `amount` of an item; the seller's share of it is frozen.
pub fn dispute_opened(dispute: &str, item: &ItemState, amount: Yen) -> Draft {
    let split = item.take_back(amount);
    let mut draft = Draft::new("payments", TransferKind::DisputeOpened, dispute_key(dispute, item));
    concern(&mut draft, item);
    let key = Some(item.order_item_id);
    draft.leg(Account::DisputeReceivable(item.provider.clone()), EntryType::Adjustment, key, amount);
    draft.leg(Account::ProviderClearing(item.provider.clone()), EntryType::Adjustment, key, -amount);
    take_from_seller(&mut draft, item, split.seller, EntryType::Adjustment);
    seller_leg(&mut draft, item, Account::SellerFrozen, EntryType::Adjustment, -split.seller);
    draft
}

/// The platform won: everything that the dispute moved comes back, the seller's part where it was taken from or, when the
/// item has matured in between, as available money.
pub fn dispute_won(dispute: &str, item: &ItemState, has_matured: bool) -> Draft {
    let mut draft = Draft::new("payments", TransferKind::DisputeWon, dispute_key(dispute, item));
    concern(&mut draft, item);
    let key = Some(item.order_item_id);
    draft.leg(Account::ProviderClearing(item.provider.clone()), EntryType::Adjustment, key, item.disputed);
    draft.leg(Account::DisputeReceivable(item.provider.clone()), EntryType::Adjustment, key, -item.disputed);
    seller_leg(&mut draft, item, Account::SellerFrozen, EntryType::Adjustment, item.frozen);
    let back = if has_matured { Account::SellerAvailable } else { Account::SellerPending };
    seller_leg(&mut draft, item, back, EntryType::Adjustment, -item.frozen);
    draft
}

/// The buyer won: what was withdrawn is a refund, paid by the frozen share and the platform.
pub fn dispute_lost(dispute: &str, item: &ItemState) -> Draft {
    let mut draft = Draft::new("payments", TransferKind::DisputeLost, dispute_key(dispute, item));
    concern(&mut draft, item);
    let key = Some(item.order_item_id);
    draft.leg(Account::DisputeReceivable(item.provider.clone()), EntryType::Refund, key, -item.disputed);
    seller_leg(&mut draft, item, Account::SellerFrozen, EntryType::Refund, item.frozen);
    draft.leg(Account::PlatformRevenue, EntryType::Refund, key, item.disputed - item.frozen);
    draft
}

/// A lost dispute was reversed: what its loss took comes back to the platform and, as pending money or available where
/// the item has matured, to the seller.
pub fn dispute_reversed(dispute: &str, item: &ItemState, lost: &Split, has_matured: bool) -> Draft {
    let mut draft = Draft::new("payments", TransferKind::DisputeWon, dispute_key(dispute, item));
    concern(&mut draft, item);
    let key = Some(item.order_item_id);
    let amount = lost.seller + lost.platform;
    draft.leg(Account::ProviderClearing(item.provider.clone()), EntryType::Adjustment, key, amount);
    draft.leg(Account::PlatformRevenue, EntryType::Adjustment, key, -lost.platform);
    let back = if has_matured { Account::SellerAvailable } else { Account::SellerPending };
    seller_leg(&mut draft, item, back, EntryType::Adjustment, -lost.seller);
    draft
}

/// The business key of what a dispute does to an item.
pub(super) fn dispute_key(dispute: &str, item: &ItemState) -> String {
    format!("{}:{dispute}:{}", item.provider, item.order_item_id)
}

fn concern(draft: &mut Draft, item: &ItemState) {
    draft.order_id = Some(item.order_id);
    draft.payment_id = Some(item.payment_id);
}

fn take_from_seller(draft: &mut Draft, item: &ItemState, part: Yen, entry_type: EntryType) {
    let from_pending = item.from_pending(part);
    seller_leg(draft, item, Account::SellerPending, entry_type, from_pending);
    seller_leg(draft, item, Account::SellerAvailable, entry_type, part - from_pending);
}

/// A leg on an account of the item's seller; an item without a seller's share has none to move.
fn seller_leg(draft: &mut Draft, item: &ItemState, account: fn(UserId) -> Account, entry_type: EntryType, debit: Yen) {
    if let Some(seller_id) = item.seller_id {
        draft.leg(account(seller_id), entry_type, Some(item.order_item_id), debit);
    }
}
