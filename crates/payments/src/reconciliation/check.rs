//! One payment, asked about at its provider and fed to the same path as an event.

use kernel::{Ctx, PaymentId, SystemReason};

use crate::error::PaymentError;
use crate::intents::apply::{apply, lapse_unopened, note_fee};
use crate::intents::cancel::close;
use crate::intents::model::{Payment, PaymentStatus};
use crate::intents::queries as payments_table;
use crate::intents::redirect::{WantedBy, ensure_session};
use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState};
use crate::state::Payments;
use crate::webhook_inbox::jobs::take_refund;

/// Brings one payment up to date: a page whose opening was interrupted is opened, an event that was lost is made up for, an offer
/// that ended is closed at the provider before the stock is let go, a fee that has become known is booked.
pub(super) async fn check(payments: &Payments, ctx: &Ctx, payment_id: PaymentId) -> Result<(), PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::Job).await?;
    let payment = payments_table::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let ended = ctx.now() >= payment.expires_at;
    let Some(session_id) = &payment.session_id else {
        if payment.status == PaymentStatus::Pending && ended {
            lapse_unopened(payments, ctx, &mut tx, payment_id).await?;
            tx.commit().await?;
        } else if payment.status == PaymentStatus::Pending {
            tx.commit().await?;
            // A buyer who comes back finds the page that the interrupted call may have opened.
            ensure_session(payments, ctx, payment_id, WantedBy::Reconciler).await?;
        } else if let (true, Some(intent_id)) = (payment.status.has_money(), &payment.intent_id) {
            tx.commit().await?;
            check_collected(payments, ctx, &payment, intent_id).await?;
        }
        return Ok(());
    };
    tx.commit().await?;
    let provider = payments.provider(payment.provider)?;
    let mut snapshot: CheckoutSnapshot = provider.fetch_checkout(session_id).await?;
    if snapshot.state == CheckoutState::Open && ended {
        snapshot = close(&provider, session_id).await?;
    }
    let mut tx = payments.app().db.begin_system(SystemReason::Job).await?;
    apply(payments, ctx, &mut tx, payment_id, &snapshot).await?;
    tx.commit().await?;
    Ok(())
}

/// Brings the payment of an invoice up to date: its fee is posted once it is known, and a refund that was reported before the payment
/// was known is taken in.
async fn check_collected(
    payments: &Payments,
    ctx: &Ctx,
    payment: &Payment,
    intent_id: &str,
) -> Result<(), PaymentError> {
    let provider = payments.provider(payment.provider)?;
    let collected = provider.fetch_collected(intent_id).await?;
    let missed = if collected.refunded > payment.refunded { provider.refunds_of(intent_id).await? } else { Vec::new() };
    let mut tx = payments.app().db.begin_system(SystemReason::Job).await?;
    for refund in &missed {
        take_refund(payments, ctx, &mut tx, payment.id, refund).await?;
    }
    note_fee(ctx, &mut tx, payment.id, collected.fee.as_ref()).await?;
    tx.commit().await?;
    Ok(())
}
