//! Asking for a refund, in the transaction that decides on it.

use kernel::{Ctx, RefundId, Yen};
use ledger::ProviderName;
use platform::Tx;
use platform::jobs::{Enqueue, enqueue_with};

use super::jobs::IssueRefund;
use super::model::{KEY_CHARS_MAX, RefundAttribution, RefundExtent, RefundRequest};
use super::queries;
use crate::attempts::queries as attempts_table;
use crate::error::PaymentError;
use crate::payment::queries as payments_table;
use crate::state::Payments;

impl Payments {
    /// Gives money back: stores the request with its key and enqueues the job, in the caller's transaction (of the
    /// platform). The same key twice is one refund. Money that never became a sale goes onto the ledger here, as a receipt.
    ///
    /// # Errors
    /// [`PaymentError::NotCaptured`], [`PaymentError::RefundExceeds`], [`PaymentError::NotFound`],
    /// [`PaymentError::InvalidRequest`] for a key that is empty or too long.
    pub async fn request_refund(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        request: &RefundRequest,
    ) -> Result<RefundId, PaymentError> {
        if request.key.is_empty() || request.key.chars().count() > KEY_CHARS_MAX {
            return Err(PaymentError::InvalidRequest("key"));
        }
        let payment = payments_table::lock(tx, request.payment_id).await?.ok_or(PaymentError::NotFound)?;
        if let Some(known) = queries::id_by_key(tx, payment.id, &request.key).await? {
            return Ok(known);
        }
        if !payment.status.has_money() {
            return Err(PaymentError::NotCaptured);
        }
        let left = payment.amount - queries::promised(tx, payment.id).await?;
        let extent = request.extent.merged();
        let amount = match &extent {
            RefundExtent::Whole => left,
            RefundExtent::Amount(amount) => *amount,
            RefundExtent::Lines(lines) => lines.iter().map(|(_, amount)| *amount).sum(),
        };
        let lines_are_positive = match &extent {
            RefundExtent::Whole | RefundExtent::Amount(_) => true,
            RefundExtent::Lines(lines) => lines.iter().all(|(_, amount)| *amount > Yen::ZERO),
        };
        if amount <= Yen::ZERO || amount > left || !lines_are_positive {
            return Err(PaymentError::RefundExceeds);
        }
        if matches!(request.extent, RefundExtent::Lines(_)) && !ledger::sales::sale_exists(tx, payment.id).await? {
            return Err(PaymentError::NotCaptured);
        }
        let captured = attempts_table::captured_of(tx, payment.id).await?.ok_or(PaymentError::NotCaptured)?;
        if !ledger::sales::payment_is_accounted(tx, payment.id).await? {
            let provider = ProviderName::from(captured.provider);
            ledger::sales::record_receipt(ctx, tx, payment.id, &provider, payment.amount).await?;
        }
        let id: RefundId = ctx.new_id();
        queries::insert(ctx, tx, id, &payment, captured.provider, request, amount).await?;
        if let RefundExtent::Lines(lines) = &extent {
            queries::set_lines(ctx, tx, id, 0, RefundAttribution::Requested, lines).await?;
        }
        let how = Enqueue { unique_key: Some(id.to_string()), ..Enqueue::default() };
        enqueue_with(ctx, tx, &IssueRefund { refund_id: id }, how).await?;
        Ok(id)
    }
}
