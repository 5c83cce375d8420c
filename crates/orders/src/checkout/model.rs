//! What an order is, and why there is none.

use kernel::{OrderId, PaymentId};
use payments::PaymentError;
use platform::{DatabaseError, Problem};
use serde::{Deserialize, Serialize};

/// Where an order stands. Only forward; money that arrives late overrules a lapse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderStatus {
    /// Waiting for the money.
    Pending,
    /// The money is there and the goods are the buyer's.
    Paid,
    /// The money will not come.
    Failed,
    /// The buyer gave up.
    Cancelled,
    /// All of the money went back.
    Refunded,
    /// Nobody paid in time.
    Expired,
}

/// An order that was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedOrder {
    /// The order.
    pub order_id: OrderId,
    /// Its payment; none for what is free, which is the buyer's already.
    pub payment_id: Option<PaymentId>,
}

/// Why an order cannot be placed.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// There is no such product, or the buyer may not see it.
    #[error("there is no such product")]
    NotFound,
    /// It is sold, held for somebody else, or not offered.
    #[error("the product is not available")]
    Unavailable,
    /// The seller cannot buy from themselves.
    #[error("this is the buyer's own product")]
    OwnProduct,
    /// The buyer has this licence.
    #[error("the buyer has this licence already")]
    AlreadyOwned,
    /// The price is not what the buyer was shown.
    #[error("the price has changed")]
    PriceChanged,
    /// Anything else.
    #[error("{}", .0.code())]
    Other(Problem),
}

impl From<Problem> for CheckoutError {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl From<DatabaseError> for CheckoutError {
    fn from(fault: DatabaseError) -> Self {
        Self::Other(fault.into())
    }
}

impl From<PaymentError> for CheckoutError {
    fn from(error: PaymentError) -> Self {
        Self::Other(error.into())
    }
}

impl From<CheckoutError> for Problem {
    fn from(fault: CheckoutError) -> Self {
        match fault {
            CheckoutError::NotFound => Self::not_found(),
            CheckoutError::Unavailable => Self::conflict("unavailable"),
            CheckoutError::OwnProduct => Self::conflict("own_product"),
            CheckoutError::AlreadyOwned => Self::conflict("already_owned"),
            CheckoutError::PriceChanged => Self::conflict("product_price_changed"),
            CheckoutError::Other(problem) => problem,
        }
    }
}
