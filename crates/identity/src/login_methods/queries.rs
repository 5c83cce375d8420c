//! The SQL over all login methods of an account.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;

/// Locks the account, so that of two concurrent removals each sees the other's.
pub(crate) async fn lock_login_methods(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("select user_id from public.user_profiles where user_id = $1 for update", user_id as UserId)
        .fetch_optional(tx)
        .await?;
    Ok(())
}

/// Whether the account has a login method.
pub(crate) async fn has_login_method(tx: &mut PgConnection, user_id: UserId) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select exists (select from public.user_passwords where user_id = $1)
               or exists (select from public.passkeys where user_id = $1)
               or exists (select from public.oidc_identities where user_id = $1) as "is_any!""#,
        user_id as UserId,
    )
    .fetch_one(tx)
    .await
}
