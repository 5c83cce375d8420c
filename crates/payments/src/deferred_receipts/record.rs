//! Money for credits: owed to the buyer as credits until they are used, and so on the ledger as a deferred receipt.

use kernel::{Ctx, PaymentId, RefundId, Yen};
use ledger::ProviderName;
use ledger::deferred::{self, CreditRefund};
use platform::Tx;

use super::queries;
use crate::error::PaymentError;
use crate::providers::code::ProviderCode;

/// Writes the receipt of a payment for credits. Idempotent by payment.
pub(crate) async fn record(
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    provider: ProviderCode,
    amount: Yen,
) -> Result<(), PaymentError> {
    deferred::record_receipt(ctx, tx, payment_id, &ProviderName::from(provider), amount).await?;
    Ok(())
}

/// Writes a refund of money for credits: first from what is still owed as credits, the rest from what was earned with
/// them. False when the payment has no such receipt, and another way of the ledger is right. Idempotent by refund; the
/// caller holds the payment, so that two refunds never count on the same yen.
pub(crate) async fn give_back(
    ctx: &Ctx,
    tx: &mut Tx,
    refund_id: RefundId,
    payment_id: PaymentId,
    provider: ProviderCode,
    amount: Yen,
) -> Result<bool, PaymentError> {
    // Held, so that the same yen is not earned while it goes back.
    if deferred::hold(tx, payment_id).await?.is_none() {
        return Ok(false);
    }
    let Some(owed) = queries::still_owed(tx, payment_id, refund_id).await? else { return Ok(false) };
    let unspent = owed.max(Yen::ZERO).min(amount);
    let refund = CreditRefund { refund_id, payment_id, unspent, spent: amount - unspent };
    deferred::record_refund(ctx, tx, &ProviderName::from(provider), &refund).await?;
    Ok(true)
}
