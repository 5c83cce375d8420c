//! The one path on which a provider's report changes a refund.

use kernel::{Ctx, PaymentId, RefundId};
use ledger::sales::RefundExtent;
use ledger::{LedgerError, ProviderName, deferred};
use platform::Tx;
use serde_json::json;

use super::model::{LineAmount, Refund, RefundAttribution, RefundStatus};
use super::queries;
use crate::error::PaymentError;
use crate::notices::model::{PaymentNotice, RefundNotice};
use crate::payment::model::{Payment, PaymentStatus};
use crate::payment::queries as payments_table;
use crate::providers::code::ProviderCode;
use crate::providers::snapshot::{RefundSnapshot, RefundState};
use crate::reconciliation::findings;
use crate::state::Payments;
use crate::tax_invoices::issue::{credit, today};
use crate::tax_invoices::model::NewCreditNote;

/// Applies what a provider reports of a refund of a payment: one of ours by the note that we put on it, or by the
/// provider's id that we have recorded; else one that was made at the provider's console.
pub(crate) async fn apply_reported(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    provider: ProviderCode,
    payment_id: PaymentId,
    snapshot: &RefundSnapshot,
) -> Result<(), PaymentError> {
    let known = match snapshot.refund_id {
        Some(id) if queries::payment_of(tx, id).await? == Some(payment_id) => Some(id),
        _ => queries::id_at_provider(tx, provider, &snapshot.provider_refund_id).await?,
    };
    match known {
        Some(id) => apply(payments, ctx, tx, provider, id, snapshot).await?,
        None => apply_console_refund(payments, ctx, tx, provider, payment_id, snapshot).await?,
    };
    Ok(())
}

/// Moves the refund forward. On success the ledger, the payment and the purpose's owner learn of it in this transaction.
///
/// Providers let a succeeded refund fail afterwards (the card is closed); the money is then with the platform again while
/// the ledger says it went back, which an operator has to put right: it becomes a finding.
pub(crate) async fn apply(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    provider: ProviderCode,
    refund_id: RefundId,
    snapshot: &RefundSnapshot,
) -> Result<RefundStatus, PaymentError> {
    let payment_id = queries::payment_of(tx, refund_id).await?.ok_or(PaymentError::NotFound)?;
    // The payment first, then the refund: everybody locks in this order.
    let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let refund = queries::lock(tx, refund_id).await?.ok_or(PaymentError::NotFound)?;
    if snapshot.state == RefundState::Failed && refund.status != RefundStatus::Failed {
        let detail = json!({"payment": payment.id, "code": snapshot.failure_code, "was": refund.status});
        findings::record(payments.app(), ctx, tx, "refund_failed", &refund.id.to_string(), &detail).await?;
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
    let lines = post(payments, ctx, tx, &payment, &refund, provider).await?;
    queries::settle(ctx, tx, refund.id, RefundStatus::Succeeded, name, None, None).await?;
    let whole = payment.refunded + refund.amount >= payment.amount;
    let status = if whole { PaymentStatus::Refunded } else { PaymentStatus::PartiallyRefunded };
    payments_table::add_refunded(ctx, tx, payment.id, refund.amount, status).await?;
    let notice = RefundNotice {
        payment: PaymentNotice::about(&payment, provider),
        refund_id: refund.id,
        refunded_yen: refund.amount,
        reason: refund.reason,
        lines,
    };
    payments.purposes().notify_refunded(ctx, tx, &notice).await?;
    let credit_note = NewCreditNote {
        refund_id: refund.id,
        payment_id: payment.id,
        amount: refund.amount,
        transaction_date: today(ctx),
    };
    credit(ctx, tx, &credit_note).await?;
    Ok(RefundStatus::Succeeded)
}

/// Posts a refund: of money for credits, of what was sold, or of what was never delivered. Returns its lines; a refund of a
/// sale of which nobody said for what it is has them derived from its amount.
async fn post(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    refund: &Refund,
    provider: ProviderCode,
) -> Result<Vec<LineAmount>, PaymentError> {
    let provider = ProviderName::from(provider);
    if deferred::record_refund_of(ctx, tx, &provider, refund.id, payment.id, refund.amount).await? {
        return Ok(Vec::new());
    }
    let mut lines = queries::lines(tx, refund.id).await?;
    if lines.is_empty()
        && let Some(derived) = ledger::sales::attribute_refund(tx, payment.id, refund.amount).await?
    {
        lines = derived.lines;
        queries::set_lines(ctx, tx, refund.id, refund.revision, RefundAttribution::Derived, &lines).await?;
        if !derived.is_certain {
            let detail = json!({"payment": payment.id, "amountYen": refund.amount, "lines": as_lines(&lines)});
            findings::record(payments.app(), ctx, tx, "refund_attributed", &refund.id.to_string(), &detail).await?;
        }
    }
    let notified = as_lines(&lines);
    let extent = if lines.is_empty() { RefundExtent::Amount(refund.amount) } else { RefundExtent::Lines(lines) };
    ledger::sales::record_refund(ctx, tx, refund.id, payment.id, &provider, &extent).await?;
    Ok(notified)
}

fn as_lines(lines: &[(kernel::OrderItemId, kernel::Yen)]) -> Vec<LineAmount> {
    lines.iter().copied().map(LineAmount::from).collect()
}

/// Takes in a refund that was made at the provider's console. It waits until the payment is on the ledger, for before
/// that nobody knows whose money went back.
///
/// # Errors
/// [`LedgerError::NotSold`] when the payment is not on the ledger yet: try again later.
async fn apply_console_refund(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    provider: ProviderCode,
    payment_id: PaymentId,
    snapshot: &RefundSnapshot,
) -> Result<RefundStatus, PaymentError> {
    let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    if !ledger::sales::payment_is_accounted(tx, payment_id).await? {
        return Err(LedgerError::NotSold.into());
    }
    let name = snapshot.provider_refund_id.as_str();
    if snapshot.amount > payment.amount - queries::promised_elsewhere(tx, payment_id, name).await? {
        let detail = json!({"payment": payment_id, "amountYen": snapshot.amount});
        findings::record(payments.app(), ctx, tx, "refund_exceeds_ledger", name, &detail).await?;
        return Ok(RefundStatus::Pending);
    }
    let id: RefundId = ctx.new_id();
    queries::insert_foreign(ctx, tx, id, &payment, provider, name, snapshot.amount).await?;
    let known = queries::id_at_provider(tx, provider, name).await?.ok_or(PaymentError::NotFound)?;
    apply(payments, ctx, tx, provider, known, snapshot).await
}
