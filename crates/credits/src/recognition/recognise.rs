//! Posts what has been earned.

use std::collections::BTreeMap;

use kernel::{Ctx, PaymentId, Yen};
use ledger::deferred;
use platform::Tx;

use super::queries::{self, Earned, Place};
use crate::error::CreditError;

/// What one pass did.
#[derive(Clone, Copy, Debug)]
pub struct Recognised {
    /// Lots of which something was posted.
    pub lots: usize,
    /// What was earned of them.
    pub yen: Yen,
    /// Where the next pass goes on; nothing when this was the last.
    pub next: Option<Place>,
}

/// Posts to the ledger what was earned of `limit` lots since they were last looked at. A payment of which more went back
/// than its lots know yet waits: what is given back is not earned.
///
/// # Errors
/// When the ledger or the database refuses.
pub async fn recognise_due(
    ctx: &Ctx,
    tx: &mut Tx,
    after: Option<Place>,
    limit: i32,
) -> Result<Recognised, CreditError> {
    let due = queries::due(tx, after, limit).await?;
    let mut owed = owed_of(tx, &due).await?;
    let mut done = Recognised { lots: 0, yen: Yen::ZERO, next: due.last().map(|part| (part.user_id, part.lot_id)) };
    for part in &due {
        if let Some(payment_id) = part.payment_id {
            let Some(left) = owed.get_mut(&payment_id).filter(|left| **left >= part.yen) else { continue };
            *left = *left - part.yen;
        }
        let key = format!("{}:{}:{}", part.lot_id, part.consumed, part.so_far.get());
        deferred::recognise(ctx, tx, &key, part.payment_id, part.yen).await?;
        queries::mark(tx, part).await?;
        done.lots += 1;
        done.yen = done.yen + part.yen;
    }
    Ok(done)
}

/// What each payment still owes as credits, held: in the order of their ids, before anything is posted.
async fn owed_of(tx: &mut Tx, due: &[Earned]) -> Result<BTreeMap<PaymentId, Yen>, CreditError> {
    let mut owed: BTreeMap<PaymentId, Yen> =
        due.iter().filter_map(|part| part.payment_id).map(|payment_id| (payment_id, Yen::ZERO)).collect();
    for (payment_id, left) in &mut owed {
        if let Some(balance) = deferred::hold(tx, *payment_id).await? {
            *left = balance.owed();
        }
    }
    Ok(owed)
}
