//! The only way to write to the ledger.

use kernel::{Ctx, TransferId};
use platform::Tx;

use super::model::{Draft, Posted};
use super::queries;
use crate::error::LedgerError;

/// The most transfers of one call.
pub const TRANSFERS_MAX: usize = 1_000;

/// Posts a transfer in the caller's transaction. Posting the same again changes nothing and returns the first one.
///
/// # Errors
/// [`LedgerError::Empty`] and [`LedgerError::Unbalanced`] before the database is asked; the others are the database's.
/// After an error of the database the transaction can only be rolled back.
pub async fn post(ctx: &Ctx, tx: &mut Tx, draft: &Draft) -> Result<Posted, LedgerError> {
    let posted = post_many(ctx, tx, std::slice::from_ref(draft)).await?;
    posted.into_iter().next().ok_or(LedgerError::Malformed)
}

/// Posts many transfers in one statement, in the caller's transaction; the answers come in the order of `drafts`. Each
/// has the effect of [`post`]. The balances of every account that is named are locked until the transaction ends, so call
/// it late.
///
/// # Errors
/// As [`post`], of the first draft that is refused: nothing of the batch is posted. [`LedgerError::Malformed`] for more
/// than [`TRANSFERS_MAX`].
pub async fn post_many(ctx: &Ctx, tx: &mut Tx, drafts: &[Draft]) -> Result<Vec<Posted>, LedgerError> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    if drafts.len() > TRANSFERS_MAX {
        return Err(LedgerError::Malformed);
    }
    let mut named = Vec::with_capacity(drafts.len());
    for draft in drafts {
        if draft.legs.len() < 2 {
            return Err(LedgerError::Empty);
        }
        if !draft.is_balanced() {
            return Err(LedgerError::Unbalanced);
        }
        named.push((ctx.new_id::<TransferId>(), draft));
    }
    let posted = queries::post(tx, ctx.now(), &named).await?;
    // One answer for each: anything else would pair transfers with the wrong drafts.
    if posted.len() == drafts.len() { Ok(posted) } else { Err(LedgerError::Malformed) }
}
