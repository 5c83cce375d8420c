//! Reserve what is offered now.

use catalog::inventory::Inventory;
use kernel::Ctx;
use platform::{App, Tx};

use super::model::{Hold, StockError};
use super::queries;

/// Reserves a licence for each item. `inventory` has all of their products and is saved.
///
/// # Errors
/// [`StockError::Unavailable`] when one of them cannot be had; nothing has been written then.
pub async fn reserve(
    ctx: &Ctx,
    app: &App,
    tx: &mut Tx,
    mut inventory: Inventory,
    holds: &[Hold],
) -> Result<(), StockError> {
    let mut exclusive = Vec::with_capacity(holds.len());
    for hold in holds {
        exclusive.push(inventory.reserve(hold.product_id)?);
    }
    queries::insert(ctx, tx, holds, &exclusive).await?;
    inventory.save(ctx, app, tx).await?;
    Ok(())
}
