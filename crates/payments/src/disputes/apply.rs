//! The one path on which a provider's word changes a dispute.

use kernel::{Ctx, PaymentId, Yen};
use ledger::LedgerError;
use ledger::sales::DisputeEnd;
use platform::Tx;
use serde_json::json;

use super::model::{DisputeNews, DisputeState};
use super::queries::{self, Known};
use crate::intents::{Payment, queries as payments_table};
use crate::notices::PaymentNotice;
use crate::reconciliation::findings;
use crate::{PaymentError, Payments};

/// Tells the operator, moves the dispute forward, holds or releases the money on the ledger, and tells the purpose's
/// owner, in this transaction.
///
/// # Errors
/// [`LedgerError::NotSold`] when money was withdrawn before the payment is on the ledger: try again later.
pub(crate) async fn apply(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    news: &DisputeNews,
) -> Result<(), PaymentError> {
    let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let code = if news.state.is_decided() { "dispute_closed" } else { "dispute_opened" };
    let detail = json!({"payment": payment_id, "status": news.status, "amountYen": news.amount});
    findings::record(ctx, tx, code, &news.provider_dispute_id, &detail).await?;
    if news.amount <= Yen::ZERO || news.amount > payment.amount {
        // Not a sum that this payment can lose; the finding has it.
        return Ok(());
    }
    let known = queries::record(ctx, tx, &payment, news).await?;
    let Some(state) = known.state.after(news.state) else { return Ok(()) };
    let id = known.id;
    let held = match state {
        DisputeState::Raised => Yen::ZERO,
        DisputeState::Withdrawn => hold(ctx, tx, &payment, &known, news).await?,
        DisputeState::Won if known.state == DisputeState::Lost => {
            ledger::sales::reverse_lost_dispute(ctx, tx, &news.provider_dispute_id, payment.id).await?;
            Yen::ZERO
        }
        DisputeState::Won => {
            release(ctx, tx, &payment, &known, news, DisputeEnd::Won).await?;
            Yen::ZERO
        }
        DisputeState::Lost => {
            // The news of the withdrawal may come later or never: what was lost was withdrawn.
            let held = if known.state == DisputeState::Raised {
                Known { held: hold(ctx, tx, &payment, &known, news).await?, ..known }
            } else {
                known
            };
            release(ctx, tx, &payment, &held, news, DisputeEnd::Lost).await?;
            Yen::ZERO
        }
    };
    queries::change(ctx, tx, id, state, held).await?;
    payments.purposes().tell_disputed(ctx, tx, &PaymentNotice::about(&payment, Yen::ZERO)).await
}

/// Holds what was withdrawn. What cannot be held (it went back to the buyer before, another dispute holds it, or the
/// payment was no sale) is the operator's.
async fn hold(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    known: &Known,
    news: &DisputeNews,
) -> Result<Yen, PaymentError> {
    if !ledger::sales::payment_is_accounted(tx, payment.id).await? {
        return Err(LedgerError::NotSold.into());
    }
    let held = if queries::holds_for_another(tx, payment.id, known.id).await? {
        Yen::ZERO
    } else {
        ledger::sales::hold_disputed(ctx, tx, &news.provider_dispute_id, payment.id, news.amount).await?
    };
    if held < news.amount {
        let detail = json!({"payment": payment.id, "amountYen": news.amount, "heldYen": held});
        findings::record(ctx, tx, "refund_exceeds_ledger", &news.provider_dispute_id, &detail).await?;
    }
    Ok(held)
}

async fn release(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    known: &Known,
    news: &DisputeNews,
    end: DisputeEnd,
) -> Result<(), PaymentError> {
    if !known.held.is_zero() {
        ledger::sales::end_dispute(ctx, tx, &news.provider_dispute_id, payment.id, end).await?;
    }
    Ok(())
}
