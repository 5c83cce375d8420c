//! Money that arrived for a payment that we do not know.
//!
//! The platform notes its own address on everything that it makes at a provider. Paid, ours by that note, and unknown: our
//! side has lost it (a backup was restored), nobody can deliver anything, so it goes back by itself and becomes a
//! finding. Without our note it belongs to somebody else who shares the account and is left alone.

use kernel::{Ctx, PaymentId};
use platform::Tx;
use serde_json::json;

use super::queries::Outcome;
use crate::error::PaymentError;
use crate::intents::queries::{Found, insert_found};
use crate::providers::code::ProviderCode;
use crate::providers::note;
use crate::providers::snapshot::CheckoutSnapshot;
use crate::reconciliation::findings;
use crate::refunds::model::{RefundExtent, RefundReason, RefundRequest};
use crate::state::Payments;

pub(super) async fn give_back(
    payments: &Payments,
    ctx: &Ctx,
    tx: &mut Tx,
    provider: ProviderCode,
    snapshot: &CheckoutSnapshot,
) -> Result<Outcome, PaymentError> {
    let ours = snapshot.app() == Some(payments.installation().as_str());
    let (Some(amount), true, true) = (snapshot.amount, ours, snapshot.is_yen) else {
        tracing::info!(session = snapshot.session_id, "a payment that is not ours was left alone");
        return Ok(Outcome::IgnoredUnknown);
    };
    let id: PaymentId = snapshot.payment_id().unwrap_or_else(|| ctx.new_id());
    let found = Found {
        id,
        reference_id: snapshot.metadata.get(note::REFERENCE).and_then(|id| id.parse().ok()).unwrap_or(id.uuid()),
        provider,
        session_id: &snapshot.session_id,
        intent_id: snapshot.intent_id.as_deref(),
        amount,
        home_url: payments.app().config.public_url.as_str(),
    };
    if !insert_found(ctx, tx, &found).await? {
        return Ok(Outcome::Applied);
    }
    let detail = json!({"session": snapshot.session_id, "amountYen": amount, "reference": found.reference_id});
    findings::record(ctx, tx, "captured_without_payment", &id.to_string(), &detail).await?;
    let request = RefundRequest { payment_id: id, reason: RefundReason::UnknownPayment, extent: RefundExtent::Whole };
    payments.request_refund(ctx, tx, &request).await?;
    Ok(Outcome::RefundedUnknown)
}
