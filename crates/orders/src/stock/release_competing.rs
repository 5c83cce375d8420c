//! Orders that compete for what is sold.

use catalog::inventory::EndedOffers;
use kernel::{Ctx, OrderId, OrderItemId};
use platform::jobs::{Enqueue, enqueue_with};
use platform::{App, DatabaseError, Tx};

use super::queries;
use super::release::release;
use crate::settlement::model::CloseOrder;

/// Releases what other orders have reserved of the offers that a sale ended, and asks for their payments to be closed, so
/// that nobody pays for what cannot be delivered. Whoever has paid at this moment is refunded when that payment arrives.
pub(super) async fn release_competing_reservations(
    ctx: &Ctx,
    app: &App,
    tx: &mut Tx,
    winner: OrderId,
    ended: &EndedOffers,
) -> Result<(), DatabaseError> {
    if ended.retired.is_empty() && ended.no_longer_exclusive.is_empty() {
        return Ok(());
    }
    let competing = queries::competing(tx, winner, ended).await?;
    let items: Vec<OrderItemId> = competing.iter().map(|one| one.item_id).collect();
    release(ctx, app, tx, &items).await?;
    for reservation in competing {
        let order_id = reservation.order_id;
        let how = Enqueue { unique_key: Some(order_id.to_string()), ..Enqueue::default() };
        enqueue_with(ctx, tx, &CloseOrder { order_id }, how).await?;
    }
    Ok(())
}
