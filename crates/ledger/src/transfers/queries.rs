//! The SQL of transfers.

use kernel::TransferId;
use platform::Tx;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::model::{Draft, Leg, Posted};
use crate::error::LedgerError;

fn leg_as_json(leg: &Leg) -> Value {
    json!({
        "account": leg.account.kind(),
        "seller_id": leg.account.seller_id(),
        "provider": leg.account.provider(),
        "entry_type": leg.entry_type.as_str(),
        "order_item_id": leg.order_item_id,
        "debit_jpy": leg.debit.get(),
    })
}

fn as_json(id: TransferId, occurred_at: &str, draft: &Draft) -> Value {
    json!({
        "id": id,
        "source": draft.source,
        "business_key": draft.business_key,
        "kind": draft.kind.as_str(),
        "order_id": draft.order_id,
        "payment_id": draft.payment_id,
        "note": draft.note,
        "occurred_at": occurred_at,
        "legs": draft.legs.iter().map(leg_as_json).collect::<Vec<_>>(),
    })
}

/// Calls `app.ledger_post` once for all drafts; the answers come in their order.
pub(super) async fn post(
    tx: &mut Tx,
    occurred_at: OffsetDateTime,
    drafts: &[(TransferId, &Draft)],
) -> Result<Vec<Posted>, LedgerError> {
    let occurred_at = occurred_at.format(&Rfc3339).map_err(|_| LedgerError::Malformed)?;
    let transfers = Value::Array(drafts.iter().map(|(id, draft)| as_json(*id, &occurred_at, draft)).collect());
    let rows = sqlx::query!(
        r#"select transfer_id as "transfer_id!: TransferId", created as "created!" from app.ledger_post($1)"#,
        transfers,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| Posted { transfer_id: row.transfer_id, is_new: row.created }).collect())
}
