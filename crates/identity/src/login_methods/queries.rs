//! The only SQL of the ways into an account.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;

pub(super) async fn lock(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("select user_id from public.user_profiles where user_id = $1 for update", user_id as UserId)
        .fetch_optional(tx)
        .await?;
    Ok(())
}

pub(super) async fn is_any(tx: &mut PgConnection, user_id: UserId) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.user_passwords where user_id = $1)
               or exists (select from public.passkeys where user_id = $1)
               or exists (select from public.oidc_identities where user_id = $1) as "is_any!""#,
        user_id as UserId,
    )
    .fetch_one(tx)
    .await
}
