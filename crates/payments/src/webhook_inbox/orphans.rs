//! Money that arrived by a checkout that we do not know.
//!
//! The platform notes its own address on everything that it makes at a provider. Paid, ours by that note, and unknown: our
//! side has lost it (a backup was restored). Where its payment is still known, the attempt is recorded again and pays it;
//! otherwise nobody can deliver anything, so it goes back by itself and becomes a finding. Without our note it belongs to
//! somebody else who shares the account and is left alone.

use kernel::{Ctx, PaymentId};
use platform::Tx;
use serde_json::json;
use uuid::Uuid;

use super::queries::Outcome;
use crate::attempts::apply::apply;
use crate::attempts::model::checkout_key;
use crate::attempts::queries::{self as attempts_table, ArrivedAttempt};
use crate::error::PaymentError;
use crate::payment::queries::{self as payments_table, Arrived};
use crate::providers::code::ProviderCode;
use crate::providers::note;
use crate::providers::snapshot::CheckoutSnapshot;
use crate::purpose::Purpose;
use crate::reconciliation::findings;
use crate::refunds::model::{RefundExtent, RefundReason, RefundRequest};
use crate::state::Payments;

/// Takes in a captured checkout without an attempt of ours.
pub(super) async fn take_in(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    provider: ProviderCode,
    snapshot: &CheckoutSnapshot,
) -> Result<Outcome, PaymentError> {
    let ours = snapshot.installation() == Some(payments.installation().as_str());
    let (Some(amount), true, true) = (snapshot.amount, ours, snapshot.is_yen) else {
        tracing::info!(session = snapshot.session_id, "a payment that is not ours was left alone");
        return Ok(Outcome::IgnoredUnknown);
    };
    if let Some(payment_id) = snapshot.payment_id()
        && payments_table::lock(tx, payment_id).await?.is_some()
    {
        let attempt_id = attempts_table::insert(ctx, tx, payment_id, provider).await?;
        apply(payments, ctx, tx, attempt_id, snapshot).await?;
        return Ok(Outcome::Applied);
    }
    let id: PaymentId = snapshot.payment_id().unwrap_or_else(|| ctx.new_id());
    let reference_id: Uuid =
        snapshot.notes.get(note::REFERENCE).and_then(|id| id.parse().ok()).unwrap_or_else(|| id.uuid());
    let arrived = Arrived {
        id,
        purpose: Purpose::Unmatched,
        reference_id,
        buyer_id: None,
        amount,
        description: "unknown",
        home_url: payments.app().config.public_url.as_str(),
        captured_at: ctx.now(),
    };
    if !payments_table::insert_arrived(ctx, tx, &arrived).await? {
        return Ok(Outcome::Applied);
    }
    let key = snapshot.attempt_id().map_or_else(|| format!("found:{id}"), checkout_key);
    let attempt = ArrivedAttempt {
        payment_id: id,
        provider,
        idempotency_key: &key,
        session_id: Some(&snapshot.session_id),
        txn_id: snapshot.txn_id.as_deref(),
        captured_at: ctx.now(),
    };
    attempts_table::insert_arrived(ctx, tx, &attempt).await?;
    let detail = json!({"session": snapshot.session_id, "amountYen": amount, "reference": reference_id});
    findings::record(payments.app(), ctx, tx, "captured_without_payment", &id.to_string(), &detail).await?;
    let request = RefundRequest {
        payment_id: id,
        reason: RefundReason::UnknownPayment,
        extent: RefundExtent::Whole,
        key: "unknown_payment".to_owned(),
    };
    payments.request_refund(ctx, tx, &request).await?;
    Ok(Outcome::RefundedUnknown)
}
