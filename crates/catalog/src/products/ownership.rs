//! What the crate above knows of a product: by which order somebody has it.

use std::pin::Pin;

use kernel::{OrderId, ProductId, UserId};
use platform::{DatabaseError, Tx};

/// Finds the order by which a buyer holds a licence of a product. `orders` provides it; it is asked in a transaction of
/// that buyer.
pub type PurchaseLookup =
    for<'a> fn(
        &'a mut Tx,
        UserId,
        ProductId,
    ) -> Pin<Box<dyn Future<Output = Result<Option<OrderId>, DatabaseError>> + Send + 'a>>;
