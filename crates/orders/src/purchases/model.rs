//! Orders and their items as the buyer sees them.

use catalog::gallery::Card;
use catalog::products::{LicenseType, Terms};
use kernel::{Cursor, EntitlementId, OrderId, ProductId, ProductVersionId, UserId, Yen};
use payments::{DisputeState, PaymentStatus, PaymentView};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::status::OrderStatus;

/// An order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub id: OrderId,
    pub number: String,
    pub total: Yen,
    pub status: OrderStatus,
    pub unfulfillable: bool,
    pub expires_at: OffsetDateTime,
    pub created_at: OffsetDateTime,
    pub paid_at: Option<OffsetDateTime>,
    pub refunded_at: Option<OffsetDateTime>,
    /// Where the latest dispute of its payment stands, if there ever was one.
    pub dispute: Option<DisputeState>,
}

impl Order {
    /// Its place in lists.
    pub(super) const fn position(&self) -> Cursor {
        Cursor { at: self.created_at, id: self.id.0 }
    }
}

/// An item of an order as it is stored.
#[derive(Clone, Debug)]
pub(super) struct ItemRow {
    pub order_id: OrderId,
    pub product_id: ProductId,
    pub version_id: ProductVersionId,
    pub seller_id: UserId,
    pub price: Yen,
    pub license: Option<LicenseType>,
    pub entitlement_id: Option<EntitlementId>,
    pub is_revoked: bool,
    pub licence_number: Option<String>,
    pub package_state: Option<String>,
}

/// An item of an order with the product that it buys.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub row: ItemRow,
    /// The product as it is shown now.
    pub card: Card,
    /// The title of the version that was bought, once the buyer may read it; else that of the product.
    pub title: String,
    /// The licence that was issued; before that, the one that is offered.
    pub terms: Terms,
}

impl Item {
    /// Whether the buyer is entitled to download it.
    pub(super) fn is_entitled(&self) -> bool {
        self.row.entitlement_id.is_some() && !self.row.is_revoked
    }

    /// Whether the package is stored.
    pub(super) fn is_packed(&self) -> bool {
        self.row.package_state.as_deref() == Some("ready")
    }
}

/// The progress of an order, as its buyer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Progress {
    /// The buyer may pay.
    AwaitingPayment,
    /// The money is on its way (a convenience store slip).
    Processing,
    /// Paid; the package is being made.
    Packing,
    /// Everything may be downloaded.
    Delivered,
    /// The buyer's bank is asked to take the money back; what was bought stays as it is meanwhile.
    Disputed,
    /// The buyer's bank has taken the money back.
    ChargedBack,
    /// It was gone; the money is going back.
    BeingRefunded,
    /// The money has gone back.
    Refunded,
    /// The payment failed.
    Failed,
    /// The buyer gave up.
    Cancelled,
    /// Nobody paid in time.
    Expired,
}

impl Progress {
    /// The progress of an order with its items and its payment.
    pub(super) fn of(order: &Order, items: &[Item], payment: Option<&PaymentView>) -> Self {
        match order.status {
            OrderStatus::Refunded => Self::Refunded,
            _ if order.unfulfillable => Self::BeingRefunded,
            OrderStatus::Pending
                if payment.is_some_and(|payment| {
                    payment.status.is_on_its_way() || payment.status == PaymentStatus::Captured
                }) =>
            {
                Self::Processing
            }
            OrderStatus::Pending => Self::AwaitingPayment,
            OrderStatus::Paid if matches!(order.dispute, Some(DisputeState::Raised | DisputeState::Withdrawn)) => {
                Self::Disputed
            }
            OrderStatus::Paid if order.dispute == Some(DisputeState::Lost) => Self::ChargedBack,
            OrderStatus::Paid if items.iter().all(Item::is_packed) => Self::Delivered,
            OrderStatus::Paid => Self::Packing,
            OrderStatus::Failed => Self::Failed,
            OrderStatus::Cancelled => Self::Cancelled,
            OrderStatus::Expired => Self::Expired,
        }
    }

    /// The word in message keys: `order-state-delivered`.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting-payment",
            Self::Processing => "processing",
            Self::Packing => "packing",
            Self::Delivered => "delivered",
            Self::Disputed => "disputed",
            Self::ChargedBack => "charged-back",
            Self::BeingRefunded => "being-refunded",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The badge's kind and icon.
    pub(super) const fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::AwaitingPayment | Self::Processing | Self::Packing | Self::BeingRefunded => ("warning", "clock"),
            Self::Delivered => ("success", "package-check"),
            Self::Disputed => ("warning", "triangle-alert"),
            Self::Refunded | Self::ChargedBack | Self::Failed => ("danger", ""),
            Self::Cancelled | Self::Expired => ("plain", ""),
        }
    }

    /// Whether it will change without the buyer.
    pub(super) const fn is_moving(self) -> bool {
        matches!(self, Self::AwaitingPayment | Self::Processing | Self::Packing | Self::BeingRefunded)
    }
}

/// The consumption tax of 10 % that is part of an amount, rounded down once for the whole receipt.
pub(super) fn tax_included(total: Yen) -> Yen {
    Yen(total.get() * 10 / 110)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_tax_in_a_price_is_an_eleventh() {
        assert_eq!(tax_included(Yen(12_800)), Yen(1_163));
        assert_eq!(tax_included(Yen(110)), Yen(10));
        assert_eq!(tax_included(Yen::ZERO), Yen::ZERO);
    }

    proptest! {
        #[test]
        fn tax_is_part_of_the_price(total in 0..=Yen::MAX_ABS) {
            let tax = tax_included(Yen(total));
            prop_assert!(tax.get() * 11 <= total && (tax.get() + 1) * 11 > total);
        }
    }
}
