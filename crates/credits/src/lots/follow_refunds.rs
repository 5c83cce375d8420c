//! Takes credits back in proportion to the money that went back.

use kernel::{Ctx, PaymentId, Yen};
use ledger::deferred;
use platform::Tx;

use super::queries;
use crate::error::CreditError;

/// What became of the credits of a payment of which money went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Units that were taken back now, over all its lots.
    pub taken: i64,
    /// Whether all of the money went back.
    pub is_whole: bool,
}

/// Follows what the ledger says went back of a payment: of each of its lots the same part is taken back, rounded down, as
/// far as it is unspent and not held; and what went back is not earned. Counted from the beginning of the payment, so that
/// following twice, late or in another order ends alike.
///
/// # Errors
/// When the ledger or the database fails.
pub async fn follow_refunds(
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    reason: &str,
) -> Result<Followed, CreditError> {
    let Some(balance) = deferred::balance_of(tx, payment_id).await?.filter(|known| known.given_back > Yen::ZERO) else {
        return Ok(Followed { taken: 0, is_whole: false });
    };
    let taken = queries::follow_refunds(tx, payment_id, &balance, reason, ctx.now()).await?;
    Ok(Followed { taken, is_whole: balance.given_back >= balance.received })
}
