//! The SQL of balances.

use kernel::{UserId, Yen};
use platform::Tx;

use super::{KindBalance, SellerBalance};
use crate::LedgerError;

/// A seller's balance; zeros for somebody who never sold. Under row level security a seller sees only the own one.
///
/// # Errors
/// When the database fails.
pub async fn of_seller(tx: &mut Tx, seller_id: UserId) -> Result<SellerBalance, LedgerError> {
    let row = sqlx::query_as::<_, (i64, i64, i64, i64)>(
        "select available_jpy, pending_jpy, frozen_jpy, in_transit_jpy from public.seller_balances where seller_id = $1",
    )
    .bind(seller_id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map_or_else(SellerBalance::default, |(available, pending, frozen, in_transit)| SellerBalance {
        available: Yen(available),
        pending: Yen(pending),
        frozen: Yen(frozen),
        in_transit: Yen(in_transit),
    }))
}

/// The trial balance: every kind of account with its debit; they sum to zero. Only for the house.
///
/// # Errors
/// When the database fails.
pub async fn of_house(tx: &mut Tx) -> Result<Vec<KindBalance>, LedgerError> {
    let rows = sqlx::query_as::<_, (String, i64)>(
        "select a.kind, sum(b.debit_jpy)::bigint
           from public.ledger_balances as b join public.ledger_accounts as a on a.id = b.account_id
          group by a.kind order by a.kind",
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(kind, debit)| KindBalance { kind, debit: Yen(debit) }).collect())
}
