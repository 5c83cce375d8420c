//! Gives credits.

use kernel::Ctx;
use platform::Tx;

use super::model::NewLot;
use super::queries;
use crate::error::CreditError;
use crate::ids::LotId;

/// Puts a lot into a wallet. Granting the same again changes nothing and returns the first lot.
///
/// # Errors
/// [`CreditError::KeyReused`] when the key stands for another lot, [`CreditError::NoWallet`], [`CreditError::Malformed`].
pub async fn grant(ctx: &Ctx, tx: &mut Tx, lot: &NewLot) -> Result<LotId, CreditError> {
    let (lot_id, _) = queries::grant(tx, ctx.new_id(), lot, ctx.now()).await?;
    Ok(lot_id)
}
