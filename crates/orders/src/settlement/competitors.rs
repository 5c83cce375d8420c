//! Others who wanted the same picture.

use kernel::{Ctx, OrderId};
use platform::jobs::{Enqueue, enqueue_with};
use platform::{DatabaseError, Tx};

use super::close::CloseOrder;
use crate::stock::{self, queries::competing_orders};
use catalog::products::LineageId;

/// Releases what other orders hold of a lineage (all of them, or those that want it alone), and asks for their payments to be closed, so that nobody pays for what
/// is gone. Who has paid in this very moment gets the money back when that news arrives.
pub(super) async fn turn_away(
    ctx: &Ctx,
    tx: &mut Tx,
    lineage_id: LineageId,
    winner: OrderId,
    only_exclusive: bool,
) -> Result<(), DatabaseError> {
    for (order_id, item_id) in competing_orders(tx, lineage_id, winner, only_exclusive).await? {
        stock::release(ctx, tx, item_id).await?;
        let how = Enqueue { unique_key: Some(order_id.to_string()), ..Enqueue::default() };
        enqueue_with(ctx, tx, &CloseOrder { order_id }, how).await?;
    }
    Ok(())
}
