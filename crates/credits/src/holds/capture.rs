//! Spends a hold.

use kernel::Ctx;
use platform::Tx;
use platform::jobs::enqueue;

use super::model::{Actual, Captured};
use super::queries;
use crate::error::CreditError;
use crate::lots::model::Amount;
use crate::upkeep::low_balance::NotifyLowBalance;

/// Spends a hold at what the work really cost; the rest goes back. Doing the same again changes nothing. A hold stays good
/// when its credits expire meanwhile; what goes back of those expires at once.
///
/// # Errors
/// [`CreditError::NoHold`] and [`CreditError::HoldReleased`], after which the transaction can go on;
/// [`CreditError::Exceeds`] for more than was held, [`CreditError::KeyReused`] when it was captured with another amount.
pub async fn capture(ctx: &Ctx, tx: &mut Tx, hold_key: &str, actual: Actual) -> Result<Captured, CreditError> {
    let tokens = match actual {
        Actual::AsHeld => None,
        Actual::Tokens(tokens) => Some(tokens),
    };
    let row = queries::capture(tx, hold_key, tokens, ctx.now()).await?;
    let (Some(id), Some(unit), Some(spent)) = (row.hold_id, row.unit, row.captured) else {
        return Err(CreditError::NoHold);
    };
    if row.outcome == "released" {
        return Err(CreditError::HoldReleased);
    }
    if row.is_low
        && let Some(user_id) = row.user_id
    {
        enqueue(ctx, tx, &NotifyLowBalance { user_id }).await?;
    }
    Ok(Captured { id, amount: Amount::of(&unit, spent), is_new: row.outcome == "captured" })
}
