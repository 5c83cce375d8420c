//! What the program cannot put right by itself; an operator's list.

use kernel::{Ctx, EventId};
use platform::{DatabaseError, Tx};
use serde_json::Value;

/// Records a finding, once per code and subject.
pub(crate) async fn record(
    ctx: &Ctx,
    tx: &mut Tx,
    code: &str,
    subject: &str,
    detail: &Value,
) -> Result<(), DatabaseError> {
    tracing::warn!(code, subject, "a payment finding");
    super::queries::insert_finding(ctx, tx, ctx.new_id::<EventId>(), code, subject, detail).await
}
