//! The one path on which a provider's report changes a dispute.

use kernel::{Ctx, PaymentId, Yen};
use ledger::LedgerError;
use ledger::sales::DisputeEnd;
use platform::Tx;
use serde_json::json;

use super::model::{DisputeLines, DisputeReport, DisputeState};
use super::queries::{self, Known};
use crate::error::PaymentError;
use crate::notices::model::{DisputeNotice, PaymentNotice};
use crate::payment::model::Payment;
use crate::payment::queries as payments_table;
use crate::providers::code::ProviderCode;
use crate::reconciliation::findings;
use crate::state::Payments;

/// Records a finding, moves the dispute forward, holds or releases the money on the ledger, and notifies the purpose's
/// owner, in this transaction.
///
/// # Errors
/// [`LedgerError::NotSold`] when money was withdrawn before the payment is on the ledger: try again later.
pub(crate) async fn apply(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    provider: ProviderCode,
    payment_id: PaymentId,
    report: &DisputeReport,
) -> Result<(), PaymentError> {
    let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let code = if report.state.is_decided() { "dispute_closed" } else { "dispute_opened" };
    let detail = json!({
        "payment": payment_id, "status": report.status, "reason": report.reason, "amountYen": report.amount,
    });
    findings::record(payments.app(), ctx, tx, code, &report.provider_dispute_id, &detail).await?;
    if report.amount <= Yen::ZERO || report.amount > payment.amount {
        // Not a sum that this payment can lose; the finding has it.
        return Ok(());
    }
    let known = queries::record(ctx, tx, &payment, report).await?;
    let state = match known.state.after(report.state) {
        Some(state) => state,
        None if known.is_new => known.state,
        None => return Ok(()),
    };
    let id = known.id;
    let held = match state {
        DisputeState::Raised => Yen::ZERO,
        DisputeState::Withdrawn => hold(payments, ctx, tx, &payment, &known, report).await?,
        DisputeState::Won if known.state == DisputeState::Lost => {
            ledger::sales::reverse_lost_dispute(ctx, tx, &report.provider_dispute_id, payment.id).await?;
            Yen::ZERO
        }
        DisputeState::Won => {
            release(ctx, tx, &payment, &known, report, DisputeEnd::Won).await?;
            Yen::ZERO
        }
        DisputeState::Lost => {
            // The report of the withdrawal may come later or never: what was lost was withdrawn.
            let held = if known.state == DisputeState::Raised {
                Known { held: hold(payments, ctx, tx, &payment, &known, report).await?, ..known }
            } else {
                known
            };
            release(ctx, tx, &payment, &held, report, DisputeEnd::Lost).await?;
            Yen::ZERO
        }
    };
    queries::change(ctx, tx, id, state, held).await?;
    let all = queries::of_payment(tx, payment.id).await?;
    let notice = DisputeNotice {
        payment: PaymentNotice::about(&payment, provider),
        dispute_id: id,
        state,
        disputed_yen: report.amount,
        reason: report.reason.clone(),
        lines: all.into_iter().find(|one| one.dispute_id == id).map(|one| one.lines).unwrap_or_default(),
    };
    payments.purposes().notify_disputed(ctx, tx, notice).await
}

/// Holds what was withdrawn. What cannot be held (it went back to the buyer before, another dispute holds it, or the
/// payment was no sale) is the operator's.
async fn hold(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    known: &Known,
    report: &DisputeReport,
) -> Result<Yen, PaymentError> {
    if !ledger::sales::payment_is_accounted(tx, payment.id).await? {
        return Err(LedgerError::NotSold.into());
    }
    let name = report.provider_dispute_id.as_str();
    let held = if queries::holds_for_another(tx, payment.id, known.id).await? {
        Yen::ZERO
    } else {
        let held = ledger::sales::hold_disputed(ctx, tx, name, payment.id, report.amount).await?;
        queries::set_lines(tx, known.id, &held.lines).await?;
        held.lines.iter().map(|(_, part)| *part).sum()
    };
    if held < report.amount {
        let detail = json!({"payment": payment.id, "amountYen": report.amount, "heldYen": held});
        findings::record(payments.app(), ctx, tx, "refund_exceeds_ledger", name, &detail).await?;
    }
    Ok(held)
}

async fn release(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    known: &Known,
    report: &DisputeReport,
    end: DisputeEnd,
) -> Result<(), PaymentError> {
    if !known.held.is_zero() {
        ledger::sales::end_dispute(ctx, tx, &report.provider_dispute_id, payment.id, end).await?;
    }
    Ok(())
}

/// The disputes of a payment, oldest first, with the order items of which they hold or held money back.
///
/// # Errors
/// When the database fails.
pub async fn of_payment(tx: &mut Tx, payment_id: PaymentId) -> Result<Vec<DisputeLines>, PaymentError> {
    Ok(queries::of_payment(tx, payment_id).await?)
}
