//! Give back what is reserved.

use catalog::inventory::Inventory;
use kernel::{Ctx, OrderItemId, ProductId};
use platform::{App, DatabaseError, Tx};

use super::model::ReservationState;
use super::queries;

/// Gives back what order items have reserved; nothing for those that have nothing reserved.
///
/// # Errors
/// When the database does not answer.
pub async fn release(ctx: &Ctx, app: &App, tx: &mut Tx, items: &[OrderItemId]) -> Result<(), DatabaseError> {
    let products: Vec<ProductId> = queries::find(tx, items).await?.iter().map(|one| one.product_id).collect();
    let mut inventory = Inventory::lock(tx, &products).await?;
    // Read again under the lock: whoever had it before may have sold or released them.
    let mut reservations = queries::find(tx, items).await?;
    reservations.retain(|reservation| reservation.state == ReservationState::Reserved);
    if reservations.is_empty() {
        return Ok(());
    }
    for reservation in &reservations {
        inventory.release(reservation.product_id, reservation.is_exclusive());
    }
    queries::mark_released(ctx, tx, &reservations).await?;
    inventory.save(ctx, app, tx).await?;
    Ok(())
}
