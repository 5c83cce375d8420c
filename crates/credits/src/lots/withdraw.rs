//! An operator's correction downwards.

use kernel::Ctx;
use platform::Tx;

use super::model::Withdrawal;
use super::queries;
use crate::error::CreditError;

/// Takes credits away, from the lots that expire first. Doing the same again changes nothing. Upwards is a lot whose
/// source is [`super::LotSource::AdminAdjustment`].
///
/// # Errors
/// [`CreditError::TooLittle`] when there is less, and nothing is taken; [`CreditError::KeyReused`],
/// [`CreditError::NoWallet`], [`CreditError::Malformed`].
pub async fn withdraw(ctx: &Ctx, tx: &mut Tx, withdrawal: &Withdrawal) -> Result<(), CreditError> {
    if queries::withdraw(tx, withdrawal, ctx.now()).await? { Ok(()) } else { Err(CreditError::TooLittle) }
}
