//! The only SQL of the audit log.

use kernel::UserId;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::db::error::DatabaseError;

pub(super) struct NewEntry<'a> {
    pub actor_user_id: Option<Uuid>,
    pub actor_kind: &'a str,
    pub action: &'a str,
    pub entity_type: &'a str,
    pub entity_id: Option<Uuid>,
    pub diff: &'a Value,
    pub request_id: Uuid,
    pub now: OffsetDateTime,
}

pub(super) async fn insert(tx: &mut PgConnection, entry: &NewEntry<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.audit_logs
             (actor_user_id, actor_kind, action, entity_type, entity_id, diff, request_id, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)"#,
        entry.actor_user_id,
        entry.actor_kind,
        entry.action,
        entry.entity_type,
        entry.entity_id,
        entry.diff,
        entry.request_id,
        entry.now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The audited actions of an account, for its export: `[{"action": …, "at": …}]`, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_of_actor(tx: &mut PgConnection, user_id: UserId) -> Result<Value, DatabaseError> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('action', action, 'at', created_at) order by created_at), '[]')
                    as "actions!"
           from public.audit_logs where actor_user_id = $1"#,
        user_id as UserId,
    )
    .fetch_one(tx)
    .await
}
