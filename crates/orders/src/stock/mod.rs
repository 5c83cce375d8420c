//! Stock: held for an order before anybody is asked to pay, then sold or released.
//!
//! What always holds, enforced by the tables as well: no more is held and sold than `max_sales`; an exclusive licence
//! is held or sold once in a whole lineage; an exclusive licence is never sold of a picture that others have a licence
//! of. Whoever wants stock of a picture first locks its lineage, so competing purchases come one after the other.

pub(crate) mod queries;

use kernel::{Ctx, OrderId, OrderItemId, ProductId, ReservationId};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use catalog::products::lineages::lock_lineage;
use catalog::products::{LicenseType, LineageId, queries as lineages};
use queries::{Held, Holding, NewReservation};

/// Why stock cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum StockError {
    /// It is sold, held for somebody else, or no longer offered.
    #[error("the product is not available")]
    Unavailable,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What is to be held.
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    /// For whom.
    pub order_id: OrderId,
    /// For which line.
    pub order_item_id: OrderItemId,
    /// Of what.
    pub product_id: ProductId,
    /// Until when it is promised.
    pub expires_at: OffsetDateTime,
}

/// Stock that became a sale.
#[derive(Clone, Copy, Debug)]
pub struct SoldStock {
    /// The lineage; locked until the transaction ends.
    pub lineage_id: Option<LineageId>,
    /// Whether the licence was exclusive.
    pub is_exclusive: bool,
    /// Whether somebody offers an exclusive licence of the lineage, or did until now.
    pub is_offered_exclusively: bool,
    /// Whether nothing is left to be sold.
    pub is_last: bool,
}

async fn is_free_for(
    tx: &mut Tx,
    lineage_id: Option<LineageId>,
    license: Option<LicenseType>,
    item: OrderItemId,
) -> Result<bool, DatabaseError> {
    let Some(lineage_id) = lineage_id else { return Ok(true) };
    let sales = lineages::lineage_sales(tx, &[lineage_id], Some(item)).await?;
    let wants_it_alone = license == Some(LicenseType::Exclusive);
    let others_have_it = wants_it_alone && sales.any_sold;
    Ok(!sales.exclusive_taken && !others_have_it)
}

/// Holds one piece of what is offered now.
///
/// # Errors
/// [`StockError::Unavailable`].
pub async fn hold(ctx: &Ctx, tx: &mut Tx, wanted: &Hold) -> Result<(), StockError> {
    let lineage_id = lock_lineage(tx, wanted.product_id).await?;
    let offer = queries::offer(tx, wanted.product_id).await?.ok_or(StockError::Unavailable)?;
    if !offer.listed || !is_free_for(tx, lineage_id, offer.license, wanted.order_item_id).await? {
        return Err(StockError::Unavailable);
    }
    if offer.license.is_some() && !queries::take_for_reservation(tx, wanted.product_id).await? {
        return Err(StockError::Unavailable);
    }
    let new = NewReservation {
        id: ctx.new_id::<ReservationId>(),
        wanted,
        lineage_id,
        is_exclusive: offer.license == Some(LicenseType::Exclusive),
    };
    queries::insert(ctx, tx, &new).await?;
    Ok(())
}

/// Turns what an order item holds into a sale. What was released meanwhile is taken again where that is still possible:
/// the money may have come late, the offer may have been paused, but nothing is sold twice.
///
/// # Errors
/// [`StockError::Unavailable`] when it is gone; nothing has changed then.
pub async fn sell(ctx: &Ctx, tx: &mut Tx, item: OrderItemId) -> Result<SoldStock, StockError> {
    let held = lock_held(tx, item).await?.ok_or(StockError::Unavailable)?;
    let is_last = match held.state {
        Holding::Sold => queries::is_sold_out(tx, held.product_id).await?,
        Holding::Reserved => {
            // An exclusive hold elsewhere in the lineage came after ours; a sale did not.
            let sales = match held.lineage_id {
                Some(id) => lineages::lineage_sales(tx, &[id], Some(item)).await?,
                None => lineages::LineageSales::default(),
            };
            if sales.exclusive_sold || (held.is_exclusive && sales.any_sold) {
                return Err(StockError::Unavailable);
            }
            queries::sell_reserved(ctx, tx, item).await?
        }
        Holding::Released => {
            let license = if held.is_exclusive { Some(LicenseType::Exclusive) } else { None };
            if !is_free_for(tx, held.lineage_id, license, item).await?
                || !queries::sell_released(tx, held.product_id).await?
            {
                return Err(StockError::Unavailable);
            }
            queries::set_state(ctx, tx, item, Holding::Sold).await?;
            queries::is_sold_out(tx, held.product_id).await?
        }
    };
    Ok(SoldStock {
        lineage_id: held.lineage_id,
        is_exclusive: held.is_exclusive,
        is_offered_exclusively: held.is_offered_exclusively,
        is_last,
    })
}

/// What an order item holds, read under the lock of its lineage: whoever had the lock before us may have released or
/// retired it, or moved the product to another lineage.
async fn lock_held(tx: &mut Tx, item: OrderItemId) -> Result<Option<Held>, DatabaseError> {
    loop {
        let locked = queries::lock_lineage_of_item(tx, item).await?;
        match queries::reservation(tx, item).await? {
            Some(held) if held.lineage_id != locked => {}
            held => return Ok(held),
        }
    }
}

/// Gives back what an order item holds; nothing when it holds nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn release(ctx: &Ctx, tx: &mut Tx, item: OrderItemId) -> Result<(), DatabaseError> {
    let Some(held) = lock_held(tx, item).await? else { return Ok(()) };
    if held.state == Holding::Reserved {
        queries::set_state(ctx, tx, item, Holding::Released).await?;
        queries::give_back(tx, held.product_id).await?;
    }
    Ok(())
}
