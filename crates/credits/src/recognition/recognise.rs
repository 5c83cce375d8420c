//! Posts what has been earned.

use kernel::{Ctx, Yen};
use ledger::deferred;
use platform::Tx;

use super::queries;
use crate::CreditError;

/// Posts to the ledger what was earned of `limit` lots since they were last looked at; returns how many there were.
///
/// # Errors
/// When the ledger or the database refuses.
pub async fn recognise_due(ctx: &Ctx, tx: &mut Tx, limit: i32) -> Result<(usize, Yen), CreditError> {
    let earned = queries::take_due(tx, limit).await?;
    for part in &earned {
        let key = format!("{}:{}", part.lot_id, part.consumed);
        deferred::recognise(ctx, tx, &key, part.payment_id, part.yen).await?;
    }
    Ok((earned.len(), earned.iter().map(|part| part.yen).sum()))
}
