//! One payment, asked about at its provider and fed to the same path as an event.

use kernel::{Ctx, PaymentId, SystemReason};

use crate::intents::{self, Payment, PaymentStatus, WantedBy, cancel::close, queries as payments_table};
use crate::providers::{CheckoutSnapshot, CheckoutState};
use crate::webhook_inbox::jobs::take_refund;
use crate::{PaymentError, Payments};

/// Heals one payment: a page whose opening was interrupted is opened, an event that was lost is made up for, an offer
/// that ended is closed at the provider before the stock is let go, a fee that has become known is booked.
pub(super) async fn check(payments: &Payments, ctx: &Ctx, payment_id: PaymentId) -> Result<(), PaymentError> {
    let mut tx = payments.app().db.begin_system(SystemReason::Job).await?;
    let payment = payments_table::lock(&mut tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let ended = ctx.now() >= payment.expires_at;
    let Some(session_id) = &payment.session_id else {
        if payment.status == PaymentStatus::Pending && ended {
            intents::lapse_unopened(payments, ctx, &mut tx, payment_id).await?;
            tx.commit().await?;
        } else if payment.status == PaymentStatus::Pending {
            tx.commit().await?;
            // A buyer who comes back finds the page that the interrupted call may have opened.
            intents::ensure_session(payments, ctx, payment_id, WantedBy::Reconciler).await?;
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
    intents::apply(payments, ctx, &mut tx, payment_id, &snapshot).await?;
    tx.commit().await?;
    Ok(())
}

/// Heals the payment of an invoice: its fee is booked once it is known, and a refund that was heard of before the payment
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
    intents::note_fee(ctx, &mut tx, payment.id, collected.fee.as_ref()).await?;
    tx.commit().await?;
    Ok(())
}
