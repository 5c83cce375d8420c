//! The SQL of transfers.

use kernel::TransferId;
use platform::Tx;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::model::{Draft, Leg, Posted};
use crate::LedgerError;

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
    let (transfer_id, is_new) = sqlx::query_as::<_, (TransferId, bool)>(
        "select transfer_id, created from house.ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(draft.source)
    .bind(&draft.business_key)
    .bind(draft.kind.as_str())
    .bind(draft.order_id)
    .bind(draft.payment_id)
    .bind(&draft.note)
    .bind(occurred_at)
    .bind(legs)
    .fetch_one(tx.conn())
    .await?;
    Ok(Posted { transfer_id, is_new })
}
