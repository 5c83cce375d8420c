//! The one path on which a provider's report changes an attempt and its payment: from the webhook, the reconciler and our
//! own calls alike. A report that is repeated, or older than one applied before, changes nothing.

use kernel::{Ctx, Yen};
use ledger::ProviderName;
use platform::Tx;
use platform::jobs::{Enqueue, enqueue_with};
use serde_json::json;

use super::ids::AttemptId;
use super::jobs::{CaptureAttempt, CheckAttempt};
use super::model::{Attempt, AttemptState};
use super::queries::{self, Change};
use super::unmatched::{self, Mismatch};
use crate::error::PaymentError;
use crate::notices::model::{NoticeKind, PaymentNotice};
use crate::payment::model::{Payment, PaymentStatus};
use crate::payment::queries as payments_table;
use crate::providers::code::ProviderCode;
use crate::providers::snapshot::{CheckoutSnapshot, ProviderFee};
use crate::reconciliation::findings;
use crate::state::Payments;

/// Locks an attempt and its payment, in this order: the payment first.
pub(crate) async fn lock(tx: &mut Tx, id: AttemptId) -> Result<(Payment, Attempt), PaymentError> {
    let payment_id = queries::payment_of(tx, id).await?.ok_or(PaymentError::NotFound)?;
    let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let attempt = queries::lock(tx, id).await?.ok_or(PaymentError::NotFound)?;
    if attempt.payment_id == payment.id {
        return Ok((payment, attempt));
    }
    // Its money became a payment of its own while we waited; it moves only once.
    let payment = payments_table::lock(tx, attempt.payment_id).await?.ok_or(PaymentError::NotFound)?;
    Ok((payment, attempt))
}

/// Moves an attempt and its payment forward as far as `snapshot` says, posts a fee that has become known, and notifies the
/// purpose's owner. Returns the payment's status afterwards.
pub(crate) async fn apply(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    attempt_id: AttemptId,
    snapshot: &CheckoutSnapshot,
) -> Result<PaymentStatus, PaymentError> {
    let (payment, attempt) = lock(tx, attempt_id).await?;
    let amount = snapshot.amount.unwrap_or(attempt.amount);
    let next = attempt.state.after(&snapshot.state, amount, ctx.now());
    if next.as_ref().is_some_and(AttemptState::is_captured) {
        return capture(payments, ctx, tx, &payment, &attempt, snapshot, amount).await;
    }
    let state = next.as_ref().unwrap_or(&attempt.state);
    let fee = snapshot.fee.as_ref().filter(|_| state.is_captured() && !attempt.fee_is_known);
    write(ctx, tx, &attempt, state, snapshot, None).await?;
    post_fee(ctx, tx, &payment, attempt.provider, fee).await?;
    let Some(next) = next else { return Ok(payment.status) };
    tracing::info!(attempt = %attempt.id, from = attempt.state.as_str(), to = next.as_str(), "an attempt moved");
    if next == AttemptState::Authorized {
        let how = Enqueue { unique_key: Some(attempt.id.to_string()), ..Enqueue::default() };
        enqueue_with(ctx, tx, &CaptureAttempt { attempt_id: attempt.id }, how).await?;
    }
    follow(payments, ctx, tx, &payment, &next).await
}

/// Takes in money that has arrived: for the payment, or for none.
async fn capture(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    attempt: &Attempt,
    snapshot: &CheckoutSnapshot,
    amount: Yen,
) -> Result<PaymentStatus, PaymentError> {
    if !snapshot.is_yen {
        let detail = json!({"payment": payment.id, "expectedYen": payment.amount, "paid": amount});
        findings::record(payments.app(), ctx, tx, "currency_differs", &attempt.id.to_string(), &detail).await?;
        return Ok(payment.status);
    }
    let captured = AttemptState::Captured { amount, at: ctx.now() };
    let mismatch = match (amount == payment.amount, payment.status.has_money()) {
        (true, false) => None,
        (true, true) => Some(Mismatch::CapturedTwice),
        (false, _) => Some(Mismatch::AmountDiffers),
    };
    let Some(mismatch) = mismatch else {
        write(ctx, tx, attempt, &captured, snapshot, None).await?;
        payments_table::set_status(ctx, tx, payment.id, PaymentStatus::Captured).await?;
        post_fee(ctx, tx, payment, attempt.provider, snapshot.fee.as_ref()).await?;
        let notice = PaymentNotice::about(payment, attempt.provider);
        payments.purposes().notify(ctx, tx, NoticeKind::Settled, &notice).await?;
        close_others(ctx, tx, payment, attempt.id).await?;
        tracing::info!(payment = %payment.id, attempt = %attempt.id, "a payment was captured");
        return Ok(PaymentStatus::Captured);
    };
    let taken = unmatched::record(payments, ctx, tx, payment, attempt, amount, mismatch).await?;
    write(ctx, tx, attempt, &captured, snapshot, Some(&taken)).await?;
    post_fee(ctx, tx, &taken, attempt.provider, snapshot.fee.as_ref()).await?;
    unmatched::give_back(payments, ctx, tx, payment, attempt, &taken, mismatch).await?;
    follow(payments, ctx, tx, payment, &captured).await?;
    Ok(payment.status)
}

async fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    attempt: &Attempt,
    state: &AttemptState,
    snapshot: &CheckoutSnapshot,
    unmatched: Option<&Payment>,
) -> Result<(), PaymentError> {
    let fee = snapshot.fee.as_ref().filter(|_| state.is_captured()).map(|fee| fee.fee);
    let is_same_session = attempt.session_id.as_ref().is_none_or(|known| *known == snapshot.session_id);
    let change = Change {
        session_id: is_same_session.then_some(snapshot.session_id.as_str()),
        txn_id: snapshot.txn_id.as_deref(),
        last_failure_code: snapshot.last_failure_code.as_deref(),
        provider_fee: fee,
        next_check_at: attempt.next_check_at(ctx.now(), state, attempt.fee_is_known || fee.is_some()),
        unmatched: unmatched.map(|payment| payment.id),
    };
    Ok(queries::change(ctx, tx, attempt.id, state, &change).await?)
}

/// Brings a payment that is not decided to the status that its attempts give it, after one of them has become `moved`. When
/// none of them is live any more, the payment ends and its owner is notified.
async fn follow(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    moved: &AttemptState,
) -> Result<PaymentStatus, PaymentError> {
    if !payment.status.is_open() {
        return Ok(payment.status);
    }
    let attempts = queries::of_payment(tx, payment.id).await?;
    let live = |wanted: fn(&AttemptState) -> bool| attempts.iter().any(|one| one.state.is_live() && wanted(&one.state));
    let status = if live(|state| matches!(state, AttemptState::Processing | AttemptState::Authorized)) {
        PaymentStatus::Processing
    } else if live(|state| matches!(state, AttemptState::VoucherIssued(_))) {
        PaymentStatus::VoucherIssued
    } else if live(|_| true) {
        PaymentStatus::Pending
    } else if matches!(moved, AttemptState::Failed | AttemptState::Captured { .. }) {
        PaymentStatus::Failed
    } else {
        PaymentStatus::Expired
    };
    if status == payment.status {
        return Ok(status);
    }
    payments_table::set_status(ctx, tx, payment.id, status).await?;
    tracing::info!(payment = %payment.id, from = payment.status.as_str(), to = status.as_str(), "a payment moved");
    if !status.is_open() {
        let provider = attempts.first().map_or_else(|| payments.default_provider(), |one| one.provider);
        let notice = PaymentNotice::about(payment, provider);
        payments.purposes().notify(ctx, tx, NoticeKind::Lapsed, &notice).await?;
    }
    Ok(status)
}

/// Has the other attempts of a paid payment closed at their providers, so that nobody pays twice.
async fn close_others(ctx: &Ctx, tx: &mut Tx, payment: &Payment, but: AttemptId) -> Result<(), PaymentError> {
    for other in queries::of_payment(tx, payment.id).await? {
        if other.id != but && other.state.is_live() {
            let how = Enqueue { unique_key: Some(other.id.to_string()), ..Enqueue::default() };
            enqueue_with(ctx, tx, &CheckAttempt { attempt_id: other.id }, how).await?;
        }
    }
    Ok(())
}

/// Ends an attempt whose page was never opened, or could not be, so that nobody can pay by it. Nothing when it has one.
pub(crate) async fn end_unopened(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    attempt_id: AttemptId,
    end: &AttemptState,
    code: Option<&str>,
) -> Result<PaymentStatus, PaymentError> {
    let (payment, attempt) = lock(tx, attempt_id).await?;
    if attempt.state != AttemptState::Opening {
        return Ok(payment.status);
    }
    queries::change(ctx, tx, attempt.id, end, &Change { last_failure_code: code, ..Change::default() }).await?;
    follow(payments, ctx, tx, &payment, end).await
}

/// Ends an attempt that is to be captured and was declined in the last moment.
pub(crate) async fn end_declined(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    attempt_id: AttemptId,
    code: &str,
) -> Result<PaymentStatus, PaymentError> {
    let (payment, attempt) = lock(tx, attempt_id).await?;
    if attempt.state != AttemptState::Authorized {
        return Ok(payment.status);
    }
    let end = AttemptState::Failed;
    queries::change(ctx, tx, attempt.id, &end, &Change { last_failure_code: Some(code), ..Change::default() }).await?;
    follow(payments, ctx, tx, &payment, &end).await
}

/// Notes why a try of the buyer failed; the page stays open and the payment pending.
pub(crate) async fn note_failure(
    ctx: &Ctx,
    tx: &mut Tx,
    attempt_id: AttemptId,
    code: &str,
) -> Result<(), PaymentError> {
    let (_, attempt) = lock(tx, attempt_id).await?;
    if !attempt.state.is_live() {
        return Ok(());
    }
    let short: String = code.chars().take(100).collect();
    let change = Change {
        last_failure_code: Some(&short),
        next_check_at: attempt.next_check_at(ctx.now(), &attempt.state, false),
        ..Change::default()
    };
    Ok(queries::change(ctx, tx, attempt.id, &attempt.state, &change).await?)
}

/// Posts the fee of a payment that was collected without a checkout of ours, once it is known.
pub(crate) async fn note_fee(
    ctx: &Ctx,
    tx: &mut Tx,
    attempt_id: AttemptId,
    fee: Option<&ProviderFee>,
) -> Result<(), PaymentError> {
    let (payment, attempt) = lock(tx, attempt_id).await?;
    if !attempt.state.is_captured() || attempt.fee_is_known {
        return Ok(());
    }
    let change = Change {
        provider_fee: fee.map(|fee| fee.fee),
        next_check_at: attempt.next_check_at(ctx.now(), &attempt.state, fee.is_some()),
        ..Change::default()
    };
    queries::change(ctx, tx, attempt.id, &attempt.state, &change).await?;
    post_fee(ctx, tx, &payment, attempt.provider, fee).await
}

async fn post_fee(
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    provider: ProviderCode,
    fee: Option<&ProviderFee>,
) -> Result<(), PaymentError> {
    let Some(fee) = fee else { return Ok(()) };
    let provider = ProviderName::from(provider);
    ledger::sales::record_fee(ctx, tx, &provider, &fee.balance_transaction, payment.id, fee.fee).await?;
    Ok(())
}
