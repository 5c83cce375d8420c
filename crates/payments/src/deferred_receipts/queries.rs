//! The SQL of what is owed as credits.

use kernel::{PaymentId, RefundId, Yen};
use platform::{DatabaseError, Tx};

/// What of a payment is still owed as credits, this refund aside; nothing when the payment was not taken for credits.
pub(super) async fn still_owed(
    tx: &mut Tx,
    payment_id: PaymentId,
    refund_id: RefundId,
) -> Result<Option<Yen>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select coalesce(-sum(e.debit_jpy), 0)::bigint as "owed!: Yen"
             from public.ledger_transfers as t
             join public.ledger_entries as e on e.transfer_id = t.id
             join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'deferred_credits'
            where t.payment_id = $1 and not (t.kind = 'refund' and t.business_key = $2)
           having bool_or(t.kind = 'receipt')"#,
        payment_id as PaymentId,
        refund_id.to_string(),
    )
    .fetch_optional(tx.conn())
    .await
}
