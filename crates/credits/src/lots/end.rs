//! Ends what a plan gave for periods that are over.

use kernel::{Ctx, UserId};
use platform::Tx;

use super::queries;
use crate::error::CreditError;

/// Ends the image credits of earlier periods of a plan, because the next one has begun; those of `keep_key` stay. Returns
/// how many lots ended.
///
/// # Errors
/// [`CreditError::NoWallet`].
pub async fn end_plan_lots(ctx: &Ctx, tx: &mut Tx, user_id: UserId, keep_key: &str) -> Result<i64, CreditError> {
    queries::end_plan_lots(tx, user_id, keep_key, ctx.now()).await
}
