//! The SQL of what is owed as credits.

use kernel::{PaymentId, RefundId, Yen};
use platform::Tx;

use super::model::DeferredBalance;
use crate::error::LedgerError;

/// Whoever counts on what a payment still owes holds this until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, payment_id: PaymentId) -> Result<(), LedgerError> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('ledger.deferred:' || $1, 0))",
        payment_id.to_string(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn balance_of(tx: &mut Tx, payment_id: PaymentId) -> Result<Option<DeferredBalance>, LedgerError> {
    Ok(sqlx::query_as!(
        DeferredBalance,
        r#"select coalesce(-sum(e.debit_jpy) filter (where t.kind = 'receipt' and a.kind = 'deferred_credits'), 0)::bigint
                    as "received!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where t.kind = 'credit_recognised' and a.kind = 'deferred_credits'), 0)::bigint
                    as "earned!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where t.kind = 'refund' and a.kind <> 'provider_clearing'), 0)::bigint
                    as "given_back!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where t.kind = 'refund' and a.kind = 'deferred_credits'), 0)::bigint
                    as "given_back_from_owed!: Yen"
             from public.ledger_transfers as t
             join public.ledger_entries as e on e.transfer_id = t.id
             join public.ledger_accounts as a on a.id = e.account_id
            where t.payment_id = $1 and t.source = 'credits'
           having bool_or(t.kind = 'receipt')"#,
        payment_id as PaymentId,
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// What of a payment is still owed as credits, a refund aside; nothing when the payment was not taken for credits.
pub(super) async fn owed_besides(
    tx: &mut Tx,
    payment_id: PaymentId,
    refund_id: RefundId,
) -> Result<Option<Yen>, LedgerError> {
    Ok(sqlx::query_scalar!(
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
    .await?)
}
