//! The SQL of `user_passwords`.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::PasswordHash;

/// Sets the password of an account.
pub(crate) async fn store_password(
    tx: &mut PgConnection,
    user_id: UserId,
    password_hash: &PasswordHash,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.user_passwords (user_id, password_hash, updated_at) values ($1, $2, $3)
           on conflict (user_id) do update set password_hash = excluded.password_hash, updated_at = excluded.updated_at"#,
        user_id as UserId,
        password_hash.as_str(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The hash of an account's password; `None` when it has no password.
pub(crate) async fn find_password_hash(
    tx: &mut PgConnection,
    user_id: UserId,
) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!("select password_hash from public.user_passwords where user_id = $1", user_id as UserId)
        .fetch_optional(tx)
        .await
}
