//! An operator changes a price.

use kernel::Ctx;
use platform::Tx;

use super::model::NewPrice;
use super::queries;
use crate::error::CreditError;

/// Sets what an operation costs from now on. What pages show meanwhile is honoured for a while. Says whether anything
/// changed.
///
/// # Errors
/// [`CreditError::KeyReused`] when somebody else changes it at the same time; when the database fails.
pub async fn set(ctx: &Ctx, tx: &mut Tx, price: &NewPrice) -> Result<bool, CreditError> {
    queries::set(tx, ctx.new_id(), price, ctx.now()).await
}
