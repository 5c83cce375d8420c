//! What an order reserves.

use catalog::inventory::Unavailable;
use catalog::products::LineageId;
use kernel::{OrderId, OrderItemId, ProductId};
use platform::DatabaseError;
use time::OffsetDateTime;

/// Why stock cannot be reserved or sold.
#[derive(Debug, thiserror::Error)]
pub enum StockError {
    /// It is sold, reserved by another order, or no longer offered.
    #[error("the product is not available")]
    Unavailable,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<Unavailable> for StockError {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

/// A licence to be reserved.
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    /// The order.
    pub order_id: OrderId,
    /// The item of the order.
    pub order_item_id: OrderItemId,
    /// The product.
    pub product_id: ProductId,
    /// Until when it may be paid.
    pub expires_at: OffsetDateTime,
}

/// The state of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub(crate) enum ReservationState {
    /// The order may still be paid.
    Reserved,
    /// It is sold.
    Sold,
    /// The stock was given back.
    Released,
}

/// What an order item has reserved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reservation {
    pub(crate) order_id: OrderId,
    pub(crate) item_id: OrderItemId,
    pub(crate) product_id: ProductId,
    /// The lineage of which it is the exclusive licence.
    pub(crate) exclusive_lineage_id: Option<LineageId>,
    pub(crate) state: ReservationState,
}

impl Reservation {
    pub(crate) const fn is_exclusive(&self) -> bool {
        self.exclusive_lineage_id.is_some()
    }
}
