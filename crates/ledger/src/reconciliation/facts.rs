//! What the ledger says of payments and refunds: payments compares it with what it knows itself.

use kernel::{PaymentId, RefundId, Yen};
use platform::Tx;

use super::model::PaymentFacts;
use super::queries;
use crate::error::LedgerError;

/// What the ledger says of these payments; those that it does not know are left out.
///
/// # Errors
/// When the database fails.
pub async fn payment_facts(tx: &mut Tx, ids: &[PaymentId]) -> Result<Vec<PaymentFacts>, LedgerError> {
    queries::payment_facts(tx, ids).await
}

/// What went back by each of these refunds; those that are not on the ledger are left out.
///
/// # Errors
/// When the database fails.
pub async fn refund_facts(tx: &mut Tx, ids: &[RefundId]) -> Result<Vec<(RefundId, Yen)>, LedgerError> {
    queries::refund_facts(tx, ids).await
}

/// Payments that are a sale or a receipt, in the order of their ids, after the one that is given.
///
/// # Errors
/// When the database fails.
pub async fn accounted_payments(
    tx: &mut Tx,
    after: Option<PaymentId>,
    limit: i64,
) -> Result<Vec<PaymentId>, LedgerError> {
    queries::accounted_payments(tx, after, limit).await
}
