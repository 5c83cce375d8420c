//! The SQL of transfers.

use kernel::{OrderId, PaymentId, TransferId};
use platform::Tx;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::model::{Draft, Leg, Posted};
use crate::error::LedgerError;

fn as_json(leg: &Leg) -> Value {
    json!({
        "account": leg.account.kind(),
        "seller_id": leg.account.seller_id(),
        "provider": leg.account.provider(),
        "entry_type": leg.entry_type.as_str(),
        "order_item_id": leg.order_item_id,
        "debit_jpy": leg.debit.get(),
    })
}

/// Calls `house.ledger_post`.
pub(crate) async fn post(
    tx: &mut Tx,
    id: TransferId,
    occurred_at: OffsetDateTime,
    draft: &Draft,
) -> Result<Posted, LedgerError> {
    let legs = Value::Array(draft.legs.iter().map(as_json).collect());
    let row = sqlx::query!(
        r#"select transfer_id as "transfer_id!: TransferId", created as "created!"
             from app.ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9)"#,
        id as TransferId,
        draft.source,
        draft.business_key,
        draft.kind.as_str(),
        draft.order_id as Option<OrderId>,
        draft.payment_id as Option<PaymentId>,
        draft.note,
        occurred_at,
        legs,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Posted { transfer_id: row.transfer_id, is_new: row.created })
}
