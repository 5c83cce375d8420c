//! The SQL of balances.

use kernel::{UserId, Yen};
use platform::Tx;

use super::model::{KindBalance, SellerBalance};
use crate::error::LedgerError;

/// A seller's balance; zeros for somebody who never sold. Under row level security a seller sees only the own one.
///
/// # Errors
/// When the database fails.
pub async fn of_seller(tx: &mut Tx, seller_id: UserId) -> Result<SellerBalance, LedgerError> {
    let row = sqlx::query_as!(
        SellerBalance,
        r#"select available_jpy as "available!: Yen", pending_jpy as "pending!: Yen", frozen_jpy as "frozen!: Yen",
                  in_transit_jpy as "in_transit!: Yen"
             from public.seller_balances where seller_id = $1"#,
        seller_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.unwrap_or_default())
}

/// The trial balance: every kind of account with its debit; they sum to zero. Only for the platform.
///
/// # Errors
/// When the database fails.
pub async fn of_platform(tx: &mut Tx) -> Result<Vec<KindBalance>, LedgerError> {
    Ok(sqlx::query_as!(
        KindBalance,
        r#"select a.kind, sum(b.debit_jpy)::bigint as "debit!: Yen"
             from public.ledger_balances as b join public.ledger_accounts as a on a.id = b.account_id
            group by a.kind order by a.kind"#,
    )
    .fetch_all(tx.conn())
    .await?)
}
