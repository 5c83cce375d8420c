//! The SQL of sales: what the ledger says about order items, read from their entries.

use kernel::{OrderId, OrderItemId, PaymentId, RefundId, TransferId, UserId, Yen};
use platform::Tx;

use super::model::ItemState;
use crate::transfers::Posted;
use crate::{LedgerError, ProviderName};

#[derive(sqlx::FromRow)]
struct ItemRow {
    order_id: OrderId,
    payment_id: PaymentId,
    order_item_id: OrderItemId,
    seller_id: Option<UserId>,
    provider: Option<String>,
    price: i64,
    seller_net: i64,
    kept: i64,
    disputed: i64,
    pending: i64,
    matured: i64,
    frozen: i64,
    platform: i64,
}

impl ItemRow {
    /// An item whose share was floored to nothing has no seller's entry; it has nothing to take back either, and is
    /// left out of what can be divided by naming the platform's side only.
    fn into_state(self) -> Option<ItemState> {
        Some(ItemState {
            order_id: self.order_id,
            payment_id: self.payment_id,
            order_item_id: self.order_item_id,
            seller_id: self.seller_id.unwrap_or(UserId(uuid::Uuid::nil())),
            provider: ProviderName(self.provider?),
            price: Yen(self.price),
            seller_net: Yen(self.seller_net),
            kept: Yen(self.kept),
            disputed: Yen(self.disputed),
            pending: Yen(self.pending),
            matured: Yen(self.matured),
            frozen: Yen(self.frozen),
            platform: Yen(self.platform),
        })
    }
}

/// The state of every item of an order, by item id.
///
/// # Errors
/// When the database fails.
pub async fn items_of_order(tx: &mut Tx, order_id: OrderId) -> Result<Vec<ItemState>, LedgerError> {
    let rows = sqlx::query_as::<_, ItemRow>(
        "select sale.order_id, sale.payment_id, e.order_item_id,
                (array_agg(a.seller_id) filter (where a.seller_id is not null))[1] as seller_id,
                (array_agg(a.provider) filter (where a.kind = 'provider_clearing'))[1] as provider,
                coalesce(sum(e.debit_jpy) filter (where e.entry_type = 'sale_gross'), 0)::bigint as price,
                coalesce(-sum(e.debit_jpy) filter (where e.entry_type = 'seller_net'), 0)::bigint as seller_net,
                coalesce(sum(e.debit_jpy) filter (where a.kind = 'provider_clearing'), 0)::bigint as kept,
                coalesce(sum(e.debit_jpy) filter (where a.kind = 'dispute_receivable'), 0)::bigint as disputed,
                coalesce(-sum(e.debit_jpy) filter (where a.kind = 'seller_pending'), 0)::bigint as pending,
                coalesce(-sum(e.debit_jpy) filter (where a.kind = 'seller_available'), 0)::bigint as matured,
                coalesce(-sum(e.debit_jpy) filter (where a.kind = 'seller_frozen'), 0)::bigint as frozen,
                coalesce(-sum(e.debit_jpy) filter (where a.kind = 'platform_revenue'), 0)::bigint as platform
           from public.ledger_transfers as sale
           join public.ledger_entries as e on e.order_id = sale.order_id and e.order_item_id is not null
           join public.ledger_accounts as a on a.id = e.account_id
          where sale.order_id = $1 and sale.kind = 'sale'
          group by sale.order_id, sale.payment_id, e.order_item_id
          order by e.order_item_id",
    )
    .bind(order_id)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(ItemRow::into_state).collect())
}

/// Makes everybody else who changes this order wait, then reads its items.
pub(super) async fn lock_items_of_order(tx: &mut Tx, order_id: OrderId) -> Result<Vec<ItemState>, LedgerError> {
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('ledger:' || $1::text, 0))")
        .bind(order_id)
        .execute(tx.conn())
        .await?;
    items_of_order(tx, order_id).await
}

/// Locks the item's order and reads the item.
pub(super) async fn lock_item(tx: &mut Tx, order_item_id: OrderItemId) -> Result<Option<ItemState>, LedgerError> {
    let order_id = sqlx::query_scalar::<_, OrderId>(
        "select order_id from public.ledger_entries where order_item_id = $1 and entry_type = 'sale_gross' limit 1",
    )
    .bind(order_item_id)
    .fetch_optional(tx.conn())
    .await?;
    let Some(order_id) = order_id else { return Ok(None) };
    let items = lock_items_of_order(tx, order_id).await?;
    Ok(items.into_iter().find(|item| item.order_item_id == order_item_id))
}

pub(super) async fn has_matured(tx: &mut Tx, order_item_id: OrderItemId) -> Result<bool, LedgerError> {
    Ok(sqlx::query_scalar(
        "select exists (select from public.ledger_transfers
                         where source = 'market' and business_key = $1 and kind = 'maturity')",
    )
    .bind(order_item_id.to_string())
    .fetch_one(tx.conn())
    .await?)
}

pub(super) async fn refund_posted(tx: &mut Tx, refund_id: RefundId) -> Result<Option<Posted>, LedgerError> {
    let found = sqlx::query_scalar::<_, TransferId>(
        "select id from public.ledger_transfers where source = 'payments' and business_key = $1 and kind = 'refund'",
    )
    .bind(refund_id.to_string())
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|transfer_id| Posted { transfer_id, is_new: false }))
}

/// The order that a payment's sale is about.
pub(super) async fn order_of_payment(tx: &mut Tx, payment_id: PaymentId) -> Result<Option<OrderId>, LedgerError> {
    Ok(sqlx::query_scalar("select order_id from public.ledger_transfers where payment_id = $1 and kind = 'sale'")
        .bind(payment_id)
        .fetch_optional(tx.conn())
        .await?)
}

/// Whether a payment has become a sale.
///
/// # Errors
/// When the database fails.
pub async fn sale_exists(tx: &mut Tx, payment_id: PaymentId) -> Result<bool, LedgerError> {
    Ok(order_of_payment(tx, payment_id).await?.is_some())
}

/// Whether a payment's money is on the ledger, as a sale or as a receipt.
///
/// # Errors
/// When the database fails.
pub async fn payment_is_accounted(tx: &mut Tx, payment_id: PaymentId) -> Result<bool, LedgerError> {
    Ok(sqlx::query_scalar(
        "select exists (select from public.ledger_transfers where payment_id = $1 and kind in ('sale', 'receipt'))",
    )
    .bind(payment_id)
    .fetch_one(tx.conn())
    .await?)
}
