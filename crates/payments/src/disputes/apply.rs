//! The one path on which a provider's report changes a dispute.

use kernel::{Ctx, PaymentId, Yen};
use ledger::LedgerError;
use ledger::sales::DisputeEnd;
use platform::Tx;
use serde_json::json;

use super::model::{DisputeState, DisputeUpdate};
use super::queries;
use super::queries::Known;
use crate::error::PaymentError;
use crate::intents::model::Payment;
use crate::intents::queries as payments_table;
use crate::notices::routes::PaymentNotice;
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
    payment_id: PaymentId,
    update: &DisputeUpdate,
) -> Result<(), PaymentError> {
    let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let code = if update.state.is_decided() { "dispute_closed" } else { "dispute_opened" };
    let detail = json!({"payment": payment_id, "status": update.status, "amountYen": update.amount});
    findings::record(ctx, tx, code, &update.provider_dispute_id, &detail).await?;
    if update.amount <= Yen::ZERO || update.amount > payment.amount {
        // Not a sum that this payment can lose; the finding has it.
        return Ok(());
    }
    let known = queries::record(ctx, tx, &payment, update).await?;
    let Some(state) = known.state.after(update.state) else { return Ok(()) };
    let id = known.id;
    let held = match state {
        DisputeState::Raised => Yen::ZERO,
        DisputeState::Withdrawn => hold(ctx, tx, &payment, &known, update).await?,
        DisputeState::Won if known.state == DisputeState::Lost => {
            ledger::sales::reverse_lost_dispute(ctx, tx, &update.provider_dispute_id, payment.id).await?;
            Yen::ZERO
        }
        DisputeState::Won => {
            release(ctx, tx, &payment, &known, update, DisputeEnd::Won).await?;
            Yen::ZERO
        }
        DisputeState::Lost => {
            // The report of the withdrawal may come later or never: what was lost was withdrawn.
            let held = if known.state == DisputeState::Raised {
                Known { held: hold(ctx, tx, &payment, &known, update).await?, ..known }
            } else {
                known
            };
            release(ctx, tx, &payment, &held, update, DisputeEnd::Lost).await?;
            Yen::ZERO
        }
    };
    queries::change(ctx, tx, id, state, held).await?;
    payments.purposes().notify_disputed(ctx, tx, &PaymentNotice::about(&payment, Yen::ZERO)).await
}

/// Holds what was withdrawn. What cannot be held (it went back to the buyer before, another dispute holds it, or the
/// payment was no sale) is the operator's.
async fn hold(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    known: &Known,
    update: &DisputeUpdate,
) -> Result<Yen, PaymentError> {
    if !ledger::sales::payment_is_accounted(tx, payment.id).await? {
        return Err(LedgerError::NotSold.into());
    }
    let held = if queries::holds_for_another(tx, payment.id, known.id).await? {
        Yen::ZERO
    } else {
        let held =
            ledger::sales::hold_disputed(ctx, tx, &update.provider_dispute_id, payment.id, update.amount).await?;
        held.lines.iter().map(|(_, part)| *part).sum()
    };
    if held < update.amount {
        let detail = json!({"payment": payment.id, "amountYen": update.amount, "heldYen": held});
        findings::record(ctx, tx, "refund_exceeds_ledger", &update.provider_dispute_id, &detail).await?;
    }
    Ok(held)
}

async fn release(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    known: &Known,
    update: &DisputeUpdate,
    end: DisputeEnd,
) -> Result<(), PaymentError> {
    if !known.held.is_zero() {
        ledger::sales::end_dispute(ctx, tx, &update.provider_dispute_id, payment.id, end).await?;
    }
    Ok(())
}
