//! The one path on which a provider's report changes a refund.

use kernel::{Ctx, PaymentId, RefundId};
use ledger::{LedgerError, ProviderName};
use platform::Tx;
use serde_json::json;

use super::model::{Refund, RefundStatus};
use super::queries;
use crate::deferred_receipts::record::give_back;
use crate::error::PaymentError;
use crate::intents::model::{Payment, PaymentStatus};
use crate::intents::queries as payments_table;
use crate::notices::routes::{NoticeKind, PaymentNotice};
use crate::providers::snapshot::{RefundSnapshot, RefundState};
use crate::reconciliation::findings;
use crate::state::Payments;
use crate::tax_invoices::issue::{credit, today};
use crate::tax_invoices::model::NewCreditNote;

/// Moves the refund forward. On success the ledger, the payment and the purpose's owner learn of it in this transaction.
///
/// Providers let a succeeded refund fail afterwards (the card is closed); the money is then with the platform again while
/// the ledger says it went back, which an operator has to put right: it becomes a finding.
pub(crate) async fn apply(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    refund_id: RefundId,
    snapshot: &RefundSnapshot,
) -> Result<RefundStatus, PaymentError> {
    let payment_id = queries::payment_of(tx, refund_id).await?.ok_or(PaymentError::NotFound)?;
    // The payment first, then the refund: everybody locks in this order.
    let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let refund = queries::lock(tx, refund_id).await?.ok_or(PaymentError::NotFound)?;
    let subject = refund.id.to_string();
    if snapshot.state == RefundState::Failed && refund.status != RefundStatus::Failed {
        let detail = json!({"payment": payment.id, "code": snapshot.failure_code, "was": refund.status});
        findings::record(ctx, tx, "refund_failed", &subject, &detail).await?;
    }
    if refund.status.is_final() {
        return Ok(refund.status);
    }
    let name = Some(snapshot.provider_refund_id.as_str());
    match snapshot.state {
        RefundState::Pending => {
            let again = Some(refund.next_check_at(ctx.now()));
            queries::settle(ctx, tx, refund.id, RefundStatus::Pending, name, None, again).await?;
            return Ok(RefundStatus::Pending);
        }
        RefundState::Failed => {
            let code = snapshot.failure_code.as_deref();
            queries::settle(ctx, tx, refund.id, RefundStatus::Failed, name, code, None).await?;
            return Ok(RefundStatus::Failed);
        }
        RefundState::Succeeded => {}
    }
    let provider = payment.provider;
    if !give_back(ctx, tx, refund.id, payment.id, provider, refund.amount).await? {
        give_back_sold(ctx, tx, &payment, &refund).await?;
    }
    queries::settle(ctx, tx, refund.id, RefundStatus::Succeeded, name, None, None).await?;
    let whole = payment.refunded + refund.amount >= payment.amount;
    let status = if whole { PaymentStatus::Refunded } else { PaymentStatus::PartiallyRefunded };
    payments_table::add_refunded(ctx, tx, payment.id, refund.amount, status).await?;
    payments.purposes().notify(ctx, tx, NoticeKind::Refunded, &PaymentNotice::about(&payment, refund.amount)).await?;
    let credit_note = NewCreditNote {
        refund_id: refund.id,
        payment_id: payment.id,
        amount: refund.amount,
        transaction_date: today(ctx),
    };
    credit(ctx, tx, &credit_note).await?;
    Ok(RefundStatus::Succeeded)
}

/// Writes a refund of what was sold, or of what was never delivered.
async fn give_back_sold(ctx: &Ctx, tx: &mut Tx, payment: &Payment, refund: &Refund) -> Result<(), PaymentError> {
    let lines = queries::lines(tx, refund.id).await?;
    let extent = if lines.is_empty() {
        ledger::sales::RefundExtent::Amount(refund.amount)
    } else {
        ledger::sales::RefundExtent::Lines(lines)
    };
    let provider = ProviderName::from(payment.provider);
    ledger::sales::record_refund(ctx, tx, refund.id, payment.id, &provider, &extent).await?;
    Ok(())
}

/// Takes in a refund that was made at the provider's console. It waits until the payment is on the ledger, for before
/// that nobody knows whose money went back.
///
/// # Errors
/// [`LedgerError::NotSold`] when the payment is not on the ledger yet: try again later.
pub(crate) async fn apply_foreign(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    snapshot: &RefundSnapshot,
) -> Result<RefundStatus, PaymentError> {
    let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    if !ledger::sales::payment_is_accounted(tx, payment_id).await? {
        return Err(LedgerError::NotSold.into());
    }
    if snapshot.amount
        > payment.amount - queries::promised_elsewhere(tx, payment_id, &snapshot.provider_refund_id).await?
    {
        let detail = json!({"payment": payment_id, "amountYen": snapshot.amount});
        findings::record(ctx, tx, "refund_exceeds_ledger", &snapshot.provider_refund_id, &detail).await?;
        return Ok(RefundStatus::Pending);
    }
    let id: RefundId = ctx.new_id();
    queries::insert_foreign(ctx, tx, id, &payment, &snapshot.provider_refund_id, snapshot.amount).await?;
    let known = queries::id_at_provider(tx, &snapshot.provider_refund_id).await?.ok_or(PaymentError::NotFound)?;
    apply(payments, ctx, tx, known, snapshot).await
}
