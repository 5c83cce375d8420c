//! Gives a hold back.

use kernel::Ctx;
use platform::Tx;

use super::model::ReleaseReason;
use super::queries;
use crate::error::CreditError;

/// Gives a hold back to the lots that it was taken from. Nothing when it is over already, either way.
///
/// # Errors
/// [`CreditError::NoHold`], after which the transaction can go on.
pub async fn release(ctx: &Ctx, tx: &mut Tx, hold_key: &str, reason: ReleaseReason) -> Result<(), CreditError> {
    if queries::release(tx, hold_key, reason, ctx.now()).await? { Ok(()) } else { Err(CreditError::NoHold) }
}
