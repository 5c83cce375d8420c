//! The proof: what `machiya verify` asks of payments.

use kernel::Ctx;
use ledger::Finding;
use platform::Tx;

use crate::error::PaymentError;

/// Every captured payment is on the ledger with its amount, every refund and fee likewise, nothing is on the ledger that
/// was not paid, every event is handled, and no finding waits for an operator. An empty list is the proof.
///
/// # Errors
/// When the database fails.
pub async fn verify(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<Finding>, PaymentError> {
    let mut broken = super::queries::broken_rules(ctx, tx).await?;
    broken.extend(super::queries::broken_invoice_rules(tx).await?);
    Ok(broken.into_iter().map(|(code, subject, detail)| Finding::new(&code, subject, detail)).collect())
}
