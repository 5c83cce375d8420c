//! An order as settlement sees it, and the jobs that move it.

use catalog::products::SoldVersion;
use kernel::{Locale, OrderId, OrderItemId, ProductId, ProductVersionId, UserId, Yen};
use payments::{PaymentNotice, RefundNotice};
use platform::jobs::Job;
use serde::{Deserialize, Serialize};

use crate::status::OrderStatus;

/// An order, locked until the transaction ends.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) buyer_id: UserId,
    pub(crate) number: String,
    pub(crate) total: Yen,
    pub(crate) status: OrderStatus,
    pub(crate) unfulfillable: bool,
    pub(crate) cancelled_by_buyer: bool,
    pub(crate) locale: String,
}

impl Order {
    /// The language in which it was placed.
    pub(crate) fn locale(&self) -> Locale {
        self.locale.parse().unwrap_or_default()
    }

    /// Whether a payment that arrives now has an effect.
    pub(crate) const fn awaits_money(&self) -> bool {
        !self.unfulfillable && !matches!(self.status, OrderStatus::Paid | OrderStatus::Refunded)
    }
}

/// An item of an order as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct ItemRow {
    pub(crate) id: OrderItemId,
    pub(crate) product_id: ProductId,
    pub(crate) version_id: ProductVersionId,
    pub(crate) seller_id: UserId,
    pub(crate) price: Yen,
    pub(crate) seller_share_basis_points: i32,
}

/// An item of an order with the version that it buys.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) row: ItemRow,
    pub(crate) version: SoldVersion,
}

/// An order's payment is captured, perhaps after the order has expired.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SettleOrder(pub PaymentNotice);

/// An order's payment has failed or expired for good.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LapseOrder(pub PaymentNotice);

/// Some or all of an order's payment was refunded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderRefunded(pub RefundNotice);

/// Closes the payment of an order that is not to be paid any more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CloseOrder {
    /// The order.
    pub(crate) order_id: OrderId,
}

impl Job for SettleOrder {
    const NAME: &'static str = "orders.settle_order";
    // Somebody has paid: this is tried for days before an operator has to look.
    const MAX_ATTEMPTS: i32 = 80;
    const PRIORITY: i16 = 10;
}

impl Job for LapseOrder {
    const NAME: &'static str = "orders.lapse_order";
    const MAX_ATTEMPTS: i32 = 40;
}

impl Job for OrderRefunded {
    const NAME: &'static str = "orders.order_refunded";
    const MAX_ATTEMPTS: i32 = 40;
}

impl Job for CloseOrder {
    const NAME: &'static str = "orders.close_order";
    const MAX_ATTEMPTS: i32 = 20;
}

impl From<PaymentNotice> for SettleOrder {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

impl From<PaymentNotice> for LapseOrder {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

impl From<RefundNotice> for OrderRefunded {
    fn from(notice: RefundNotice) -> Self {
        Self(notice)
    }
}
