//! One attempt, asked about at its provider and fed to the same path as an event.

use kernel::{Ctx, SystemReason};
use platform::jobs::{Enqueue, enqueue_with};

use crate::attempts::apply::{apply, end_unopened, lock, note_fee};
use crate::attempts::close::close;
use crate::attempts::ids::AttemptId;
use crate::attempts::jobs::CaptureAttempt;
use crate::attempts::model::{Attempt, AttemptState};
use crate::attempts::redirect::{WantedBy, open_page};
use crate::error::PaymentError;
use crate::payment::model::Payment;
use crate::providers::snapshot::CheckoutState;
use crate::refunds::apply::apply_reported;
use crate::state::Payments;

/// Brings one attempt up to date: a page whose opening was interrupted is opened, an event that was lost is made up for, an
/// offer that ended or was paid otherwise is closed at the provider, a fee that has become known is posted.
pub(super) async fn check(payments: &Payments, ctx: &Ctx, attempt_id: AttemptId) -> Result<(), PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::Job).await?;
    let (payment, attempt) = lock(&mut tx, attempt_id).await?;
    let is_over = ctx.now() >= attempt.expires_at || !payment.status.is_open();
    let Some(session_id) = &attempt.session_id else {
        match (&attempt.state, &attempt.txn_id) {
            (AttemptState::Opening, _) if is_over => {
                let end = if payment.status.has_money() { AttemptState::Cancelled } else { AttemptState::Expired };
                end_unopened(payments, ctx, &mut tx, attempt_id, &end, None).await?;
                tx.commit().await?;
            }
            (AttemptState::Opening, _) => {
                tx.commit().await?;
                // A buyer who comes back finds the page that the interrupted call may have opened.
                open_page(payments, ctx, attempt_id, WantedBy::Reconciler).await?;
            }
            (state, Some(txn_id)) if state.is_captured() => {
                tx.commit().await?;
                check_collected(payments, ctx, &payment, &attempt, txn_id).await?;
            }
            _ => {}
        }
        return Ok(());
    };
    tx.commit().await?;
    let provider = payments.provider(attempt.provider)?;
    let mut snapshot = provider.fetch_checkout(session_id).await?;
    // A slip that waits, or a page of a payment that was paid otherwise, is closed so that nobody pays twice; what waits
    // after the offer's end may still be paid.
    let is_unwanted = snapshot.state.is_open() && is_over || attempt.state.is_live() && payment.status.has_money();
    if is_unwanted {
        snapshot = close(&provider, session_id).await?;
    }
    let mut tx = payments.app().db.begin_system(SystemReason::Job).await?;
    apply(payments, ctx, &mut tx, attempt_id, &snapshot).await?;
    if attempt.state == AttemptState::Authorized && snapshot.state == CheckoutState::Authorized {
        // The job that was to capture it has died.
        let how = Enqueue { unique_key: Some(attempt_id.to_string()), ..Enqueue::default() };
        enqueue_with(ctx, &mut tx, &CaptureAttempt { attempt_id }, how).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Brings the payment of an invoice up to date: its fee is posted once it is known, and a refund that was reported before
/// the payment was known is taken in.
async fn check_collected(
    payments: &Payments,
    ctx: &Ctx,
    payment: &Payment,
    attempt: &Attempt,
    txn_id: &str,
) -> Result<(), PaymentError> {
    let provider = payments.provider(attempt.provider)?;
    let collected = provider.fetch_collected(txn_id).await?;
    let missed = if collected.refunded > payment.refunded { provider.refunds_of(txn_id).await? } else { Vec::new() };
    let mut tx = payments.app().db.begin_system(SystemReason::Job).await?;
    for refund in &missed {
        apply_reported(payments, ctx, &mut tx, attempt.provider, payment.id, refund).await?;
    }
    note_fee(ctx, &mut tx, attempt.id, collected.fee.as_ref()).await?;
    tx.commit().await?;
    Ok(())
}
