//! The SQL of accounts with a Supabase token.

use kernel::{Role, UserId};
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// The profile of an account.
pub(super) struct Found {
    pub role: Role,
    pub is_banned: bool,
    pub display_name: String,
    pub is_address_verified: bool,
    pub is_erased: bool,
}

pub(super) async fn find(tx: &mut PgConnection, user_id: UserId) -> Result<Option<Found>, DatabaseError> {
    sqlx::query_as!(
        Found,
        r#"select p.role as "role: Role", p.is_banned, p.display_name,
                  app.user_email_verified_at(p.user_id) is not null as "is_address_verified!",
                  exists (select from public.account_deletions d
                           where d.user_id = p.user_id and d.erased_at is not null) as "is_erased!"
           from public.user_profiles p where p.user_id = $1"#,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// Creates the profile and, where the database has none, the account; `false` when the account cannot be created.
pub(super) async fn insert(
    tx: &mut PgConnection,
    user_id: UserId,
    email: Option<&str>,
    display_name: &str,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let is_known = sqlx::query_scalar!(
        r#"select app.user_email($1) is not null
                  or ($2::text is not null and app.register_user($1, $2, $3)) as "is_known!""#,
        user_id as UserId,
        email,
        now,
    )
    .fetch_one(&mut *tx)
    .await?;
    if !is_known {
        return Ok(false);
    }
    sqlx::query!(
        r#"insert into public.user_profiles (user_id, display_name, role, locale, created_at, updated_at)
           values ($1, $2, 'user', 'ja', $3, $3) on conflict (user_id) do nothing"#,
        user_id as UserId,
        display_name,
        now,
    )
    .execute(tx)
    .await?;
    Ok(true)
}
