//! The state of an order.

use serde::{Deserialize, Serialize};

/// The state of an order. It only moves forward; money that arrives late overrules an end without money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderStatus {
    /// Not paid yet.
    Pending,
    /// Paid and fulfilled.
    Paid,
    /// The payment failed for good.
    Failed,
    /// The buyer cancelled it.
    Cancelled,
    /// All of the money was refunded.
    Refunded,
    /// It was not paid in time.
    Expired,
}
