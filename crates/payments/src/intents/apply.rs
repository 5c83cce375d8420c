//! The one path on which a provider's report changes a payment: from the webhook, the reconciler and our own calls alike.

use kernel::{Ctx, PaymentId, Yen};
use ledger::ProviderName;
use platform::Tx;
use serde_json::json;

use super::model::{Payment, PaymentStatus};
use super::queries;
use super::queries::Change;
use crate::error::PaymentError;
use crate::notices::routes::{NoticeKind, PaymentNotice};
use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState, ProviderFee};
use crate::reconciliation::findings;
use crate::state::Payments;

/// Moves the payment forward as far as `snapshot` says, posts a fee that has become known, and notifies the purpose's owner.
/// Returns where the payment then stands.
///
/// A report that is repeated, or older than one applied before, changes nothing.
pub(crate) async fn apply(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    snapshot: &CheckoutSnapshot,
) -> Result<PaymentStatus, PaymentError> {
    let payment = queries::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    let differs = snapshot.state == CheckoutState::Paid && !pays_the_price(&payment, snapshot);
    if differs {
        let detail = json!({"expectedYen": payment.amount, "paid": snapshot.amount, "isYen": snapshot.is_yen});
        findings::record(ctx, tx, "amount_differs", &payment.id.to_string(), &detail).await?;
    }
    let next = if differs { None } else { payment.status.after(snapshot.state) };
    let status = next.unwrap_or(payment.status);
    let fee_known = payment.provider_fee.is_some() || snapshot.fee.is_some();
    let same_session = payment.session_id.as_ref().is_none_or(|known| *known == snapshot.session_id);
    let change = Change {
        status,
        session_id: same_session.then_some(snapshot.session_id.as_str()),
        intent_id: snapshot.intent_id.as_deref(),
        checkout_url: if status == PaymentStatus::Pending { snapshot.url.as_deref() } else { None },
        slip: snapshot.slip.as_ref(),
        last_failure_code: snapshot.last_failure_code.as_deref(),
        provider_fee: snapshot.fee.as_ref().filter(|_| status.has_money()).map(|fee| fee.fee),
        facts: json!({"state": format!("{:?}", snapshot.state)}),
        next_check_at: payment.next_check_at(ctx.now(), status, fee_known),
    };
    queries::change(ctx, tx, payment.id, &change).await?;
    if status.has_money() && payment.provider_fee.is_none() {
        post_fee(ctx, tx, &payment, snapshot.fee.as_ref()).await?;
    }
    if let Some(next) = next {
        tracing::info!(payment = %payment.id, from = payment.status.as_str(), to = next.as_str(), "a payment moved");
        notify(payments, ctx, tx, &payment, next).await?;
    }
    Ok(status)
}

/// Ends a payment for which no page can be opened.
pub(super) async fn fail(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    code: &str,
) -> Result<(), PaymentError> {
    end(payments, ctx, tx, payment_id, PaymentStatus::Failed, Some(code)).await
}

/// Ends a payment whose page was never opened, so that nobody can pay it.
pub(crate) async fn lapse_unopened(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
) -> Result<(), PaymentError> {
    end(payments, ctx, tx, payment_id, PaymentStatus::Expired, None).await
}

async fn end(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    status: PaymentStatus,
    code: Option<&str>,
) -> Result<(), PaymentError> {
    let payment = queries::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    if payment.status != PaymentStatus::Pending || payment.session_id.is_some() {
        return Ok(());
    }
    let change = Change {
        status,
        session_id: None,
        intent_id: None,
        checkout_url: None,
        slip: None,
        last_failure_code: code,
        provider_fee: None,
        facts: json!({"state": "NeverOpened"}),
        next_check_at: None,
    };
    queries::change(ctx, tx, payment_id, &change).await?;
    notify(payments, ctx, tx, &payment, status).await
}

/// Notes why an attempt failed; the page stays open and the payment pending.
pub(crate) async fn note_failure(
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    code: &str,
) -> Result<(), PaymentError> {
    let short: String = code.chars().take(100).collect();
    Ok(queries::note_failure(ctx, tx, payment_id, &short).await?)
}

fn pays_the_price(payment: &Payment, snapshot: &CheckoutSnapshot) -> bool {
    snapshot.is_yen && snapshot.amount.is_none_or(|amount| amount == payment.amount)
}

/// BillingRun the fee of a payment that was collected without a checkout of ours, once it is known.
pub(crate) async fn note_fee(
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    fee: Option<&ProviderFee>,
) -> Result<(), PaymentError> {
    let payment = queries::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
    if !payment.status.has_money() || payment.provider_fee.is_some() {
        return Ok(());
    }
    let change = Change {
        status: payment.status,
        session_id: None,
        intent_id: None,
        checkout_url: None,
        slip: None,
        last_failure_code: None,
        provider_fee: fee.map(|fee| fee.fee),
        facts: json!({}),
        next_check_at: payment.next_check_at(ctx.now(), payment.status, fee.is_some()),
    };
    queries::change(ctx, tx, payment.id, &change).await?;
    post_fee(ctx, tx, &payment, fee).await
}

async fn post_fee(ctx: &Ctx, tx: &mut Tx, payment: &Payment, fee: Option<&ProviderFee>) -> Result<(), PaymentError> {
    let Some(fee) = fee else { return Ok(()) };
    let provider = ProviderName::from(payment.provider);
    ledger::sales::record_fee(ctx, tx, &provider, &fee.balance_transaction, payment.id, fee.fee).await?;
    Ok(())
}

async fn notify(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    status: PaymentStatus,
) -> Result<(), PaymentError> {
    let kind = match status {
        PaymentStatus::Captured => NoticeKind::Settled,
        PaymentStatus::Failed | PaymentStatus::Expired => NoticeKind::Lapsed,
        _ => return Ok(()),
    };
    payments.purposes().notify(ctx, tx, kind, &PaymentNotice::about(payment, Yen::ZERO)).await
}
