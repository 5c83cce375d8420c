//! Turn what an order has reserved into sales.

use catalog::inventory::Inventory;
use kernel::{Ctx, OrderId, OrderItemId, ProductId};
use platform::{App, Tx};

use super::model::{Reservation, ReservationState, StockError};
use super::queries;
use super::release_competing::release_competing_reservations;

/// Sells what the items of an order have reserved. What was released meanwhile is sold where that is still possible: a
/// payment may come late and the offer may be paused, but nothing is sold twice. Orders that compete for what is sold
/// now lose their reservations.
///
/// # Errors
/// [`StockError::Unavailable`] when an item cannot be sold any more; nothing has been written then.
pub async fn sell(
    ctx: &Ctx,
    app: &App,
    tx: &mut Tx,
    order_id: OrderId,
    items: &[OrderItemId],
) -> Result<(), StockError> {
    let products: Vec<ProductId> = queries::find(tx, items).await?.iter().map(|one| one.product_id).collect();
    let mut inventory = Inventory::lock(tx, &products).await?;
    // Read again under the lock: whoever had it before may have released them.
    let reservations = queries::find(tx, items).await?;
    if reservations.len() != items.len() {
        return Err(StockError::Unavailable);
    }
    let mut sold = Vec::with_capacity(reservations.len());
    for reservation in reservations {
        let Reservation { product_id, state, .. } = reservation;
        let exclusive_lineage_id = match state {
            ReservationState::Sold => continue,
            ReservationState::Reserved => {
                inventory.sell_reserved(product_id, reservation.is_exclusive())?;
                reservation.exclusive_lineage_id
            }
            ReservationState::Released => inventory.sell_released(product_id, reservation.is_exclusive())?,
        };
        sold.push(Reservation { exclusive_lineage_id, ..reservation });
    }
    queries::mark_sold(ctx, tx, &sold).await?;
    let ended = inventory.save(ctx, app, tx).await?;
    release_competing_reservations(ctx, app, tx, order_id, &ended).await?;
    Ok(())
}
