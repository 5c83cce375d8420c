//! What settlement knows of an order.

use kernel::{GenerationId, OrderId, OrderItemId, ProductId, ProductVersionId, UserId, Yen};

use crate::checkout::OrderStatus;
use catalog::products::LicenseType;

/// An order, locked until the transaction ends.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub id: OrderId,
    pub buyer_id: UserId,
    pub number: String,
    pub total: Yen,
    pub status: OrderStatus,
    pub unfulfillable: bool,
    pub cancelled_by_buyer: bool,
    pub locale: String,
}

impl Order {
    /// The language in which it was placed.
    pub(crate) fn locale(&self) -> kernel::Locale {
        self.locale.parse().unwrap_or_default()
    }

    /// Whether money that arrives now is news.
    pub(crate) const fn awaits_money(&self) -> bool {
        !self.unfulfillable && !matches!(self.status, OrderStatus::Paid | OrderStatus::Refunded)
    }
}

/// One line of an order, with what was frozen when it was offered.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub id: OrderItemId,
    pub product_id: ProductId,
    pub version_id: ProductVersionId,
    pub seller_id: UserId,
    pub price: Yen,
    pub seller_share_basis_points: i32,
    pub title: String,
    pub prompt: String,
    pub made_with: String,
    pub license: Option<LicenseType>,
    pub terms_edition: String,
    pub slug: String,
    pub generation_id: Option<GenerationId>,
    pub picture_sha256: Option<Vec<u8>>,
}
