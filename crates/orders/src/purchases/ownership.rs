//! Which products somebody has, for the pages of the catalogue.

use std::pin::Pin;

use kernel::{OrderId, ProductId, UserId};
use platform::{DatabaseError, Tx};

use super::queries;

/// The latest order by which a buyer holds a licence of a product; the catalogue's `PurchaseLookup`.
pub fn find_purchase(
    tx: &mut Tx,
    buyer_id: UserId,
    product_id: ProductId,
) -> Pin<Box<dyn Future<Output = Result<Option<OrderId>, DatabaseError>> + Send + '_>> {
    Box::pin(queries::order_that_bought(tx, buyer_id, product_id))
}
