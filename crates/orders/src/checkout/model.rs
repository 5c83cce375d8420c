//! A purchase that is asked for, and why it may be refused.

use kernel::{OrderId, PaymentId, ProductId, Yen};
use payments::PaymentError;
use platform::{DatabaseError, Problem};

use crate::stock::model::StockError;

/// What a buyer wants to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurchaseRequest {
    /// The product.
    pub product_id: ProductId,
    /// The price that the buyer agreed to, where a page has shown it.
    pub shown_price: Option<Yen>,
}

/// An order that was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedOrder {
    /// The order.
    pub order_id: OrderId,
    /// Its payment; none for a free product, which is delivered at once.
    pub payment_id: Option<PaymentId>,
}

/// Why an order cannot be placed.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// There is no such product, or the buyer may not see it.
    #[error("there is no such product")]
    NotFound,
    /// It is sold, reserved by another order, or not offered.
    #[error("the product is not available")]
    Unavailable,
    /// The seller cannot buy from themselves.
    #[error("this is the buyer's own product")]
    OwnProduct,
    /// The buyer has this licence.
    #[error("the buyer has this licence already")]
    AlreadyOwned,
    /// Products of this kind cannot be delivered yet.
    #[error("products of this kind cannot be delivered yet")]
    NotFulfillable,
    /// The price is not what the buyer was shown.
    #[error("the price has changed")]
    PriceChanged,
    /// Anything else.
    #[error("{}", .0.code())]
    Other(Problem),
}

impl From<StockError> for CheckoutError {
    fn from(error: StockError) -> Self {
        match error {
            StockError::Unavailable => Self::Unavailable,
            StockError::Database(error) => error.into(),
        }
    }
}

impl From<Problem> for CheckoutError {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl From<DatabaseError> for CheckoutError {
    fn from(error: DatabaseError) -> Self {
        Self::Other(error.into())
    }
}

impl From<PaymentError> for CheckoutError {
    fn from(error: PaymentError) -> Self {
        Self::Other(error.into())
    }
}

impl From<CheckoutError> for Problem {
    fn from(error: CheckoutError) -> Self {
        match error {
            CheckoutError::NotFound => Self::not_found(),
            CheckoutError::Unavailable => Self::conflict("unavailable"),
            CheckoutError::OwnProduct => Self::conflict("own_product"),
            CheckoutError::AlreadyOwned => Self::conflict("already_owned"),
            CheckoutError::NotFulfillable => Self::conflict("not_fulfillable"),
            CheckoutError::PriceChanged => Self::conflict("product_price_changed"),
            CheckoutError::Other(problem) => problem,
        }
    }
}
