//! Money for credits: owed to the buyer as credits until they are used, and so on the ledger as a deferred receipt.

use kernel::{Ctx, PaymentId, Yen};
use ledger::ProviderName;
use platform::Tx;

use crate::PaymentError;
use crate::providers::ProviderCode;

/// Writes the receipt of a payment for credits. Idempotent by payment.
pub(crate) async fn record(
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    provider: ProviderCode,
    amount: Yen,
) -> Result<(), PaymentError> {
    ledger::sales::record_receipt(ctx, tx, payment_id, &ProviderName::from(provider), amount).await?;
    Ok(())
}
