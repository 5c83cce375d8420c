//! What something costs, before the button is pressed and after.

use platform::Tx;
use time::OffsetDateTime;

use super::model::{HONOURED_FOR, Operation, Price};
use super::queries::{self, DatedPrice};
use crate::error::CreditError;
use crate::ids::PriceId;

fn unknown(operation: Operation, provider: &str, model: &str) -> CreditError {
    CreditError::NoPrice { operation: operation.as_str(), provider: provider.to_owned(), model: model.to_owned() }
}

/// What an operation costs now. Everybody may ask.
///
/// # Errors
/// [`CreditError::NoPrice`].
pub async fn quote(tx: &mut Tx, operation: Operation, provider: &str, model: &str) -> Result<Price, CreditError> {
    let prices = queries::find(tx, operation, provider, model, None).await?;
    prices.first().map(DatedPrice::price).ok_or_else(|| unknown(operation, provider, model))
}

/// The price that was shown, if it still holds: it is current, or was superseded less than [`HONOURED_FOR`] ago.
///
/// # Errors
/// [`CreditError::PriceChanged`] with the current price, [`CreditError::NoPrice`].
pub async fn honour(
    tx: &mut Tx,
    price_id: PriceId,
    operation: Operation,
    provider: &str,
    model: &str,
    now: OffsetDateTime,
) -> Result<Price, CreditError> {
    let prices = queries::find(tx, operation, provider, model, Some(price_id)).await?;
    let holds =
        |price: &&DatedPrice| price.id == price_id && price.valid_until.is_none_or(|until| now - HONOURED_FOR < until);
    if let Some(shown) = prices.iter().find(holds) {
        return Ok(shown.price());
    }
    match prices.iter().find(|price| price.valid_until.is_none()) {
        Some(current) => Err(CreditError::PriceChanged { now: current.price() }),
        None => Err(unknown(operation, provider, model)),
    }
}
