//! The one way to write.

use kernel::{Ctx, TransferId};
use platform::Tx;

use super::model::{Draft, Posted};
use super::queries;
use crate::error::LedgerError;

/// Posts a transfer in the caller's transaction. Posting the same again changes nothing and returns the first one.
///
/// # Errors
/// [`LedgerError::Empty`] and [`LedgerError::Unbalanced`] before the database is asked; the others are the database's.
/// After an error of the database the transaction can only be rolled back.
pub async fn post(ctx: &Ctx, tx: &mut Tx, draft: &Draft) -> Result<Posted, LedgerError> {
    if draft.legs.len() < 2 {
        return Err(LedgerError::Empty);
    }
    if !draft.is_balanced() {
        return Err(LedgerError::Unbalanced);
    }
    let id: TransferId = ctx.new_id();
    queries::post(tx, id, ctx.now(), draft).await
}
