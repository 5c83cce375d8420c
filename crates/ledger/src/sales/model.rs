//! Who gets what of a sale, and who gives what of a refund. Pure; every rule is a property test.

use kernel::{OrderId, OrderItemId, PaymentId, Share, UserId, Yen};

use crate::accounts::model::ProviderName;

/// A paid order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// The order; sold once.
    pub order_id: OrderId,
    /// The payment that paid for it.
    pub payment_id: PaymentId,
    /// Who took the money.
    pub provider: ProviderName,
    /// What was sold.
    pub lines: Vec<SaleLine>,
}

/// One item of a paid order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaleLine {
    /// The order item.
    pub order_item_id: OrderItemId,
    /// Who made it.
    pub seller_id: UserId,
    /// What the buyer paid for it.
    pub price: Yen,
    /// The seller's share, as it was when the order was placed.
    pub seller_share: Share,
}

/// An amount in two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The seller's part.
    pub seller: Yen,
    /// The platform's part.
    pub platform: Yen,
}

impl Split {
    /// Both parts.
    pub fn total(self) -> Yen {
        self.seller + self.platform
    }
}

/// Divides a price: the seller's share is rounded down, the platform has the remainder.
pub fn split_sale(price: Yen, seller_share: Share) -> Split {
    let seller = price.floor_share(seller_share);
    Split { seller, platform: price - seller }
}

/// What the ledger says about one sold item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemState {
    /// The order.
    pub order_id: OrderId,
    /// The payment.
    pub payment_id: PaymentId,
    /// The item.
    pub order_item_id: OrderItemId,
    /// Its seller; nobody when the whole price was the platform's.
    pub seller_id: Option<UserId>,
    /// Who holds the money.
    pub provider: ProviderName,
    /// What was paid.
    pub price: Yen,
    /// The seller's share of it at the sale.
    pub seller_net: Yen,
    /// What has neither been given back nor withdrawn.
    pub kept: Yen,
    /// What a dispute has withdrawn.
    pub disputed: Yen,
    /// The seller's part that is pending.
    pub pending: Yen,
    /// The seller's part that has matured, whether or not it was paid out.
    pub matured: Yen,
    /// The seller's part that a dispute has frozen.
    pub frozen: Yen,
    /// The platform's part.
    pub platform: Yen,
}

impl ItemState {
    /// Divides what is taken back now, so that all that was ever taken from the seller is ⌊N · taken / P⌋: rounding each
    /// refund by itself would not add up. `amount` must lie between zero and [`ItemState::kept`].
    ///
    /// Computed from what the seller still has, so that a won dispute between two refunds leaves no yen astray.
    pub fn take_back(&self, amount: Yen) -> Split {
        let taken_after = self.price - self.kept + amount;
        let owed_by_seller = if self.price.is_zero() {
            Yen::ZERO
        } else {
            let exact =
                i128::from(self.seller_net.get()) * i128::from(taken_after.get()) / i128::from(self.price.get());
            Yen(i64::try_from(exact).unwrap_or(self.seller_net.get()))
        };
        let held = self.pending + self.matured;
        let already_taken = self.seller_net - held;
        let least = (amount - self.platform).max(Yen::ZERO);
        let seller = (owed_by_seller - already_taken).clamp(least, held.min(amount).max(least));
        Split { seller, platform: amount - seller }
    }

    /// How the seller's part of what is taken back falls on pending and matured money: pending first.
    pub fn from_pending(&self, seller_part: Yen) -> Yen {
        seller_part.min(self.pending)
    }
}

/// Spreads an amount over items in proportion to what each has left; whole yen, none above its own rest.
///
/// `amount` must not exceed the sum of `left`; the rounding remainder goes to the first items that have room.
pub fn spread(amount: Yen, left: &[Yen]) -> Vec<Yen> {
    let total = left.iter().copied().sum::<Yen>();
    if total.is_zero() {
        return vec![Yen::ZERO; left.len()];
    }
    let mut parts: Vec<Yen> = left
        .iter()
        .map(|rest| {
            let exact = i128::from(amount.get()) * i128::from(rest.get()) / i128::from(total.get());
            Yen(i64::try_from(exact).unwrap_or(rest.get()))
        })
        .collect();
    let mut remainder = amount - parts.iter().copied().sum::<Yen>();
    for (part, rest) in parts.iter_mut().zip(left) {
        let added = remainder.min(*rest - *part);
        *part = *part + added;
        remainder = remainder - added;
    }
    parts
}

/// What a refund, with its corrections, has taken of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RefundEffect {
    pub order_item_id: OrderItemId,
    /// What the buyer has back.
    pub refunded: Yen,
    /// The seller's part of it, while it was pending.
    pub from_pending: Yen,
    /// The seller's part of it that had matured.
    pub from_matured: Yen,
    /// The platform's part.
    pub from_platform: Yen,
}

/// How an amount falls on the items of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// The items and their parts; they sum to the amount, and none is zero.
    pub lines: Vec<(OrderItemId, Yen)>,
    /// False where the amount alone does not say for which items it was meant: an operator may correct it.
    pub is_certain: bool,
}

/// Attributes an amount that was given back or withdrawn without saying for what, to items of which `kept` is left:
///
/// 1. all that is left is all of every item (certain);
/// 2. where one item alone has something left, it is this item's (certain);
/// 3. an amount that is exactly the rest of one item, and of no other, is this item's (assumed);
/// 4. anything else is spread in proportion to what is left (assumed).
///
/// `amount` must not exceed what is left.
pub fn attribute(amount: Yen, items: &[ItemState]) -> Attribution {
    let left: Vec<Yen> = items.iter().map(|item| item.kept).collect();
    let whole = amount == left.iter().copied().sum::<Yen>();
    let alone = left.iter().filter(|rest| !rest.is_zero()).count() == 1;
    let mut fitting = items.iter().filter(|item| item.kept == amount && !amount.is_zero());
    let parts = match (fitting.next(), fitting.next()) {
        (Some(item), None) if !whole && !alone => {
            return Attribution { lines: vec![(item.order_item_id, amount)], is_certain: false };
        }
        _ => spread(amount, &left),
    };
    let lines = items.iter().map(|item| item.order_item_id).zip(parts).filter(|(_, part)| !part.is_zero()).collect();
    Attribution { lines, is_certain: whole || alone }
}
