//! The audit log: who did what to what. Append-only; the database refuses anything else.

mod queries;

use kernel::{Actor, Ctx};
use serde_json::Value;
use uuid::Uuid;

use crate::db::error::DatabaseError;
use crate::db::tx::Tx;

pub use queries::list_of_actor;

/// Records `action` (`orders.create`) on an entity, in the transaction of the change. `diff` holds what changed and no
/// secret.
///
/// # Errors
/// When the database does not answer.
pub async fn record(
    ctx: &Ctx,
    tx: &mut Tx,
    action: &str,
    entity_type: &str,
    entity_id: Option<Uuid>,
    diff: &Value,
) -> Result<(), DatabaseError> {
    let actor_kind = match ctx.actor {
        Actor::Anonymous => "anonymous",
        Actor::User(_) => "user",
        Actor::System(_) => "system",
    };
    let entry = queries::NewEntry {
        actor_user_id: ctx.user_id().map(kernel::UserId::uuid),
        actor_kind,
        action,
        entity_type,
        entity_id,
        diff,
        request_id: ctx.request_id.0,
        now: ctx.now(),
    };
    queries::insert(tx, &entry).await
}
