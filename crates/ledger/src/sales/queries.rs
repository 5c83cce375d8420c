//! The SQL of sales: what the ledger says about order items, read from their entries.

use kernel::{OrderId, OrderItemId, PaymentId, RefundId, TransferId, UserId, Yen};
use platform::Tx;

use super::model::{ItemState, RefundEffect, Split};
use crate::accounts::model::ProviderName;
use crate::error::LedgerError;
use crate::transfers::model::Posted;

/// The state of every item of an order, by item id.
///
/// # Errors
/// When the database fails.
pub async fn items_of_order(tx: &mut Tx, order_id: OrderId) -> Result<Vec<ItemState>, LedgerError> {
    Ok(sqlx::query_as!(
        ItemState,
        r#"select sale.order_id as "order_id!: OrderId", sale.payment_id as "payment_id!: PaymentId",
                  e.order_item_id as "order_item_id!: OrderItemId",
                  (array_agg(a.seller_id) filter (where a.seller_id is not null))[1] as "seller_id: UserId",
                  (array_agg(a.provider) filter (where a.kind = 'provider_clearing'))[1] as "provider!: ProviderName",
                  coalesce(sum(e.debit_jpy) filter (where e.entry_type = 'sale_gross'), 0)::bigint as "price!: Yen",
                  coalesce(-sum(e.debit_jpy) filter (where e.entry_type = 'seller_net'), 0)::bigint as "seller_net!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where a.kind = 'provider_clearing'), 0)::bigint as "kept!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where a.kind = 'dispute_receivable'), 0)::bigint as "disputed!: Yen",
                  coalesce(-sum(e.debit_jpy) filter (where a.kind = 'seller_pending'), 0)::bigint as "pending!: Yen",
                  coalesce(-sum(e.debit_jpy) filter (where a.kind = 'seller_available'), 0)::bigint as "matured!: Yen",
                  coalesce(-sum(e.debit_jpy) filter (where a.kind = 'seller_frozen'), 0)::bigint as "frozen!: Yen",
                  coalesce(-sum(e.debit_jpy) filter (where a.kind = 'platform_revenue'), 0)::bigint as "platform!: Yen"
             from public.ledger_transfers as sale
             join public.ledger_entries as e on e.order_id = sale.order_id and e.order_item_id is not null
             join public.ledger_accounts as a on a.id = e.account_id
            where sale.order_id = $1 and sale.kind = 'sale'
            group by sale.order_id, sale.payment_id, e.order_item_id
            order by e.order_item_id"#,
        order_id as OrderId,
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Makes everybody else who changes this order wait, then reads its items.
pub(super) async fn lock_items_of_order(tx: &mut Tx, order_id: OrderId) -> Result<Vec<ItemState>, LedgerError> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('ledger:' || $1, 0))", order_id.to_string())
        .execute(tx.conn())
        .await?;
    items_of_order(tx, order_id).await
}

/// Locks the item's order and reads the item.
pub(super) async fn lock_item(tx: &mut Tx, order_item_id: OrderItemId) -> Result<Option<ItemState>, LedgerError> {
    let order_id = sqlx::query_scalar!(
        r#"select order_id as "order_id!: OrderId" from public.ledger_entries
            where order_item_id = $1 and entry_type = 'sale_gross' limit 1"#,
        order_item_id as OrderItemId,
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(order_id) = order_id else { return Ok(None) };
    let items = lock_items_of_order(tx, order_id).await?;
    Ok(items.into_iter().find(|item| item.order_item_id == order_item_id))
}

pub(super) async fn has_matured(tx: &mut Tx, order_item_id: OrderItemId) -> Result<bool, LedgerError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from public.ledger_transfers
                           where source = 'market' and business_key = $1 and kind = 'maturity') as "exists!""#,
        order_item_id.to_string(),
    )
    .fetch_one(tx.conn())
    .await?)
}

/// What the loss of a dispute took from seller and platform, if it was lost.
pub(super) async fn lost_by(tx: &mut Tx, business_key: &str) -> Result<Option<Split>, LedgerError> {
    Ok(sqlx::query_as!(
        Split,
        r#"select coalesce(sum(e.debit_jpy) filter (where a.kind = 'seller_frozen'), 0)::bigint as "seller!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where a.kind = 'platform_revenue'), 0)::bigint as "platform!: Yen"
             from public.ledger_transfers t
             join public.ledger_entries e on e.transfer_id = t.id
             join public.ledger_accounts a on a.id = e.account_id
            where t.source = 'payments' and t.business_key = $1 and t.kind = 'dispute_lost'
            group by t.id"#,
        business_key,
    )
    .fetch_optional(tx.conn())
    .await?)
}

pub(super) async fn refund_posted(tx: &mut Tx, refund_id: RefundId) -> Result<Option<Posted>, LedgerError> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: TransferId" from public.ledger_transfers
            where source = 'payments' and business_key = $1 and kind = 'refund'"#,
        refund_id.to_string(),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|transfer_id| Posted { transfer_id, is_new: false }))
}

/// The order that a payment's sale is about.
pub(super) async fn order_of_payment(tx: &mut Tx, payment_id: PaymentId) -> Result<Option<OrderId>, LedgerError> {
    Ok(sqlx::query_scalar!(
        r#"select order_id as "order_id!: OrderId" from public.ledger_transfers where payment_id = $1 and kind = 'sale'"#,
        payment_id as PaymentId,
    )
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
    Ok(sqlx::query_scalar!(
        r#"select exists (select from public.ledger_transfers
                           where payment_id = $1 and kind in ('sale', 'receipt')) as "exists!""#,
        payment_id as PaymentId,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// What a refund of a sale has taken of each item, corrections included; empty for a refund of anything else.
pub(super) async fn effects_of_refund(tx: &mut Tx, refund_id: RefundId) -> Result<Vec<RefundEffect>, LedgerError> {
    Ok(sqlx::query_as!(
        RefundEffect,
        r#"select e.order_item_id as "order_item_id!: OrderItemId",
                  coalesce(-sum(e.debit_jpy) filter (where a.kind = 'provider_clearing'), 0)::bigint as "refunded!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where a.kind = 'seller_pending'), 0)::bigint as "from_pending!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where a.kind = 'seller_available'), 0)::bigint
                    as "from_matured!: Yen",
                  coalesce(sum(e.debit_jpy) filter (where a.kind = 'platform_revenue'), 0)::bigint
                    as "from_platform!: Yen"
             from public.ledger_transfers as t
             join public.ledger_entries as e on e.transfer_id = t.id and e.order_item_id is not null
             join public.ledger_accounts as a on a.id = e.account_id
            where t.source = 'payments'
              and (t.kind = 'refund' and t.business_key = $1
                   or t.kind = 'refund_correction' and t.business_key like $1 || ':%')
            group by e.order_item_id order by e.order_item_id"#,
        refund_id.to_string(),
    )
    .fetch_all(tx.conn())
    .await?)
}
