//! For which order items a refund was: asked for, derived from its amount, or corrected by an operator.

use kernel::{Ctx, OrderItemId, PaymentId, RefundId, Yen};
use platform::Tx;
use platform::audit;
use serde_json::json;

use super::model::{LineAmount, RefundAttribution, RefundExtent, RefundLines, RefundReason, RefundStatus};
use super::queries;
use crate::attempts::queries as attempts_table;
use crate::error::PaymentError;
use crate::notices::model::{PaymentNotice, RefundNotice};
use crate::payment::queries as payments_table;
use crate::reconciliation::findings;
use crate::state::Payments;

/// The refunds of a payment that have succeeded, oldest first, with their lines as they hold now.
///
/// # Errors
/// When the database fails.
pub async fn succeeded_of(tx: &mut Tx, payment_id: PaymentId) -> Result<Vec<RefundLines>, PaymentError> {
    Ok(queries::succeeded_of(tx, payment_id).await?)
}

impl Payments {
    /// Corrects for which order items a refund was that was made at a provider's console: the ledger takes it from the
    /// sellers of the new items, the owner of the purpose is notified again with the new lines, and the finding is
    /// resolved. In the caller's transaction (of the platform), for an operator.
    ///
    /// # Errors
    /// [`PaymentError::NotFound`]; [`PaymentError::Conflict`] for a refund that was asked for here, or has not succeeded;
    /// [`PaymentError::RefundExceeds`] when the lines do not sum to the refund, or an item has less left.
    pub async fn attribute_refund(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        refund_id: RefundId,
        lines: &[(OrderItemId, Yen)],
    ) -> Result<(), PaymentError> {
        let payment_id = queries::payment_of(tx, refund_id).await?.ok_or(PaymentError::NotFound)?;
        let payment = payments_table::lock(tx, payment_id).await?.ok_or(PaymentError::NotFound)?;
        let refund = queries::lock(tx, refund_id).await?.ok_or(PaymentError::NotFound)?;
        if refund.reason != RefundReason::MadeAtProvider || refund.status != RefundStatus::Succeeded {
            return Err(PaymentError::Conflict);
        }
        let RefundExtent::Lines(lines) = RefundExtent::Lines(lines.to_vec()).merged() else {
            return Err(PaymentError::InvalidRequest("lines"));
        };
        if lines.iter().any(|(_, amount)| *amount <= Yen::ZERO) {
            return Err(PaymentError::RefundExceeds);
        }
        let revision = refund.revision + 1;
        ledger::sales::correct_refund(ctx, tx, refund.id, payment.id, revision, &lines).await.map_err(|error| {
            match error {
                ledger::LedgerError::Exceeds | ledger::LedgerError::NotSold => PaymentError::RefundExceeds,
                error => error.into(),
            }
        })?;
        queries::set_lines(ctx, tx, refund.id, revision, RefundAttribution::Corrected, &lines).await?;
        findings::resolve(ctx, tx, "refund_attributed", &refund.id.to_string()).await?;
        let captured = attempts_table::captured_of(tx, payment.id).await?.ok_or(PaymentError::NotCaptured)?;
        let notice = RefundNotice {
            payment: PaymentNotice::about(&payment, captured.provider),
            refund_id: refund.id,
            refunded_yen: refund.amount,
            reason: refund.reason,
            lines: lines.iter().copied().map(LineAmount::from).collect(),
        };
        self.purposes().notify_refunded(ctx, tx, &notice).await?;
        let diff = json!({"lines": notice.lines, "revision": revision});
        audit::record(ctx, tx, "payments.attribute_refund", "refund", Some(refund.id.uuid()), &diff).await?;
        Ok(())
    }
}
