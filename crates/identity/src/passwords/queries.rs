//! The only SQL of passwords.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

pub(super) async fn upsert(
    tx: &mut PgConnection,
    user_id: UserId,
    password_hash: &str,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.user_passwords (user_id, password_hash, updated_at) values ($1, $2, $3)
           on conflict (user_id) do update set password_hash = excluded.password_hash, updated_at = excluded.updated_at"#,
        user_id as UserId,
        password_hash,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut PgConnection, user_id: UserId) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!("select password_hash from public.user_passwords where user_id = $1", user_id as UserId)
        .fetch_optional(tx)
        .await
}
