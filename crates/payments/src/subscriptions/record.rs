//! A collected invoice becomes a payment: captured, and on the ledger as a receipt for what is owed.

use kernel::{Ctx, PaymentId, UserId, Yen};
use platform::Tx;
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use super::queries;
use super::queries::Collected;
use super::snapshot::{InvoiceSnapshot, InvoiceStatus};
use crate::deferred_receipts::record::record as record_deferred;
use crate::error::PaymentError;
use crate::state::Payments;

/// How soon the reconciler asks for the provider's fee.
const FEE_AFTER: Duration = Duration::seconds(30);
/// The longest description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 200;

/// An invoice that was collected, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct InvoicePayment<'a> {
    /// As fetched.
    pub invoice: &'a InvoiceSnapshot,
    /// What the payment is for: the row of the invoice in credits.
    pub reference_id: Uuid,
    /// Who paid, where that is known.
    pub buyer_id: Option<UserId>,
}

impl Payments {
    /// Records the payment of an invoice in the caller's transaction (of the platform), with its receipt on the ledger.
    /// Idempotent by invoice. Nothing for an invoice of which nothing was collected.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`] for an invoice that is not paid, [`PaymentError::Conflict`] when the invoice is
    /// recorded with another amount or reference, or the reference has another invoice.
    pub async fn record_invoice_payment(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        payment: &InvoicePayment<'_>,
    ) -> Result<Option<PaymentId>, PaymentError> {
        let invoice = payment.invoice;
        if invoice.status != InvoiceStatus::Paid {
            return Err(PaymentError::InvalidRequest("invoice"));
        }
        if invoice.amount_paid <= Yen::ZERO {
            return Ok(None);
        }
        let key = format!("invoice:{}:{}", invoice.provider.as_str(), invoice.invoice_id);
        let described = description_of(invoice);
        let id: PaymentId = ctx.new_id();
        let collected = Collected {
            id,
            reference_id: payment.reference_id,
            buyer_id: payment.buyer_id,
            provider: invoice.provider.as_str(),
            intent_id: invoice.payment_intent_id.as_deref(),
            amount: invoice.amount_paid,
            description: &described,
            home_url: self.app().config.public_url.as_str(),
            idempotency_key: &key,
            // The sandbox's clock may be ahead of ours; money does not arrive in the future.
            captured_at: invoice.paid_at.unwrap_or(ctx.now()).min(ctx.now()),
            next_check_at: invoice.payment_intent_id.is_some().then(|| ctx.now() + FEE_AFTER),
            facts: json!({"invoice": invoice.invoice_id, "subscription": invoice.subscription_id}),
        };
        if !queries::insert(ctx, tx, &collected).await? {
            let known = queries::find(tx, &key).await?.ok_or(PaymentError::Conflict)?;
            let same = known.reference_id == payment.reference_id && known.amount == invoice.amount_paid;
            return if same { Ok(Some(known.id)) } else { Err(PaymentError::Conflict) };
        }
        record_deferred(ctx, tx, id, invoice.provider, invoice.amount_paid).await?;
        Ok(Some(id))
    }
}

/// What the buyer reads on the payment: the invoice's first charge.
fn description_of(invoice: &InvoiceSnapshot) -> String {
    let line = invoice.lines.iter().find(|line| line.amount > Yen::ZERO).or_else(|| invoice.lines.first());
    let text = line.map_or("", |line| line.description.trim());
    let text = if text.is_empty() { &invoice.invoice_id } else { text };
    text.chars().take(DESCRIPTION_CHARS_MAX).collect()
}
