//! Takes credits back whose money goes back.

use kernel::Ctx;
use platform::Tx;

use super::model::TakenBack;
use super::queries;
use crate::error::CreditError;

/// Takes back what is unspent of a lot, once; the second time it says what the first took. What is held stays the
/// person's: work under way is paid, and what of it fails can still be spent.
///
/// # Errors
/// [`CreditError::NoLot`].
pub async fn take_back(ctx: &Ctx, tx: &mut Tx, lot_key: &str, reason: &str) -> Result<TakenBack, CreditError> {
    queries::take_back(tx, lot_key, reason, ctx.now()).await?.ok_or(CreditError::NoLot)
}
