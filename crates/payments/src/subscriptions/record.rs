//! A collected invoice becomes a payment: captured, and on the ledger as a receipt for what is owed.

use kernel::{Ctx, PaymentId, UserId, Yen};
use ledger::ProviderName;
use platform::Tx;
use uuid::Uuid;

use super::snapshot::{InvoiceSnapshot, InvoiceStatus};
use crate::attempts::queries::{self as attempts_table, ArrivedAttempt};
use crate::error::PaymentError;
use crate::payment::queries::{self as payments_table, Arrived};
use crate::purpose::Purpose;
use crate::state::Payments;

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
        let arrived = Arrived {
            id,
            purpose: Purpose::Subscription,
            reference_id: payment.reference_id,
            buyer_id: payment.buyer_id,
            amount: invoice.amount_paid,
            description: &described,
            home_url: self.app().config.public_url.as_str(),
            // The sandbox's clock may be ahead of ours; money does not arrive in the future.
            captured_at: invoice.paid_at.unwrap_or(ctx.now()).min(ctx.now()),
        };
        if let Some(known) = attempts_table::by_key(tx, &key).await? {
            let same = payments_table::id_for(tx, Purpose::Subscription, payment.reference_id).await? == Some(known);
            let paid = payments_table::lock(tx, known).await?.is_some_and(|paid| paid.amount == invoice.amount_paid);
            return if same && paid { Ok(Some(known)) } else { Err(PaymentError::Conflict) };
        }
        if !payments_table::insert_arrived(ctx, tx, &arrived).await? {
            return Err(PaymentError::Conflict);
        }
        let attempt = ArrivedAttempt {
            payment_id: id,
            provider: invoice.provider,
            idempotency_key: &key,
            session_id: None,
            txn_id: invoice.payment_intent_id.as_deref(),
            captured_at: arrived.captured_at,
        };
        if !attempts_table::insert_arrived(ctx, tx, &attempt).await? {
            return Err(PaymentError::Conflict);
        }
        let provider = ProviderName::from(invoice.provider);
        ledger::deferred::record_receipt(ctx, tx, id, &provider, invoice.amount_paid).await?;
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
