//! The only SQL of recovery codes.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

pub(super) async fn delete_all(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.recovery_codes where user_id = $1", user_id as UserId).execute(tx).await?;
    Ok(())
}

pub(super) async fn insert(
    tx: &mut PgConnection,
    user_id: UserId,
    slot: i16,
    code_hash: &str,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "insert into public.recovery_codes (user_id, slot, code_hash, created_at) values ($1, $2, $3, $4)",
        user_id as UserId,
        slot,
        code_hash,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn unused_hash(
    tx: &mut PgConnection,
    user_id: UserId,
    slot: i16,
) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!(
        "select code_hash from public.recovery_codes where user_id = $1 and slot = $2 and used_at is null",
        user_id as UserId,
        slot,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn mark_used(
    tx: &mut PgConnection,
    user_id: UserId,
    slot: i16,
    code_hash: &str,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.recovery_codes set used_at = $4
           where user_id = $1 and slot = $2 and code_hash = $3 and used_at is null"#,
        user_id as UserId,
        slot,
        code_hash,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
