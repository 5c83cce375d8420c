//! Reserves the price of an operation.

use kernel::Ctx;
use platform::Tx;

use super::model::{Hold, NewHold};
use super::queries::{self, Held};
use crate::error::CreditError;

/// Reserves image credits where there are enough, else tokens; from the lots that expire first. Holding the same again
/// changes nothing and returns the first hold. After [`CreditError::Insufficient`] and [`CreditError::PlanReadOnly`] the
/// transaction can go on.
///
/// # Errors
/// [`CreditError::Insufficient`], [`CreditError::PlanReadOnly`], [`CreditError::KeyReused`], [`CreditError::NoWallet`].
pub async fn hold(ctx: &Ctx, tx: &mut Tx, hold: &NewHold<'_>) -> Result<Hold, CreditError> {
    match queries::hold(tx, ctx.new_id(), hold, ctx.now()).await? {
        Held::Yes(held) => Ok(held),
        Held::Insufficient(available) => Err(CreditError::Insufficient { needed: *hold.price, available }),
        Held::ReadOnly => Err(CreditError::PlanReadOnly),
    }
}
