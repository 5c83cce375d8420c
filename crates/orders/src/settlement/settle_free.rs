//! Settle an order that costs nothing.

use kernel::{Ctx, OrderId};
use platform::{App, Problem, Tx};

use super::fulfil::{FulfilError, fulfil};
use super::queries;
use crate::checkout::model::CheckoutError;
use crate::stock::model::StockError;

/// Fulfils an order that needs no payment, in the transaction that places it.
///
/// # Errors
/// [`CheckoutError::Unavailable`]; an internal error when it cannot be fulfilled.
pub(crate) async fn settle_free(ctx: &Ctx, tx: &mut Tx, app: &App, id: OrderId) -> Result<(), CheckoutError> {
    let order = queries::lock_order(tx, id).await?.ok_or(CheckoutError::NotFound)?;
    match fulfil(ctx, tx, app, &order, None).await {
        Ok(()) => Ok(()),
        Err(FulfilError::Stock(StockError::Unavailable)) => Err(CheckoutError::Unavailable),
        Err(FulfilError::Database(error) | FulfilError::Stock(StockError::Database(error))) => Err(error.into()),
        Err(error) => Err(Problem::internal(error).into()),
    }
}
