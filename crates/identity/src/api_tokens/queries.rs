//! The SQL of `api_tokens`.

use kernel::{Role, UserId};
use platform::DatabaseError;
use platform::http::Scope;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{ApiToken, ApiTokenId};

pub(super) struct NewRow<'a> {
    pub id: ApiTokenId,
    pub user_id: UserId,
    pub name: &'a str,
    pub token_hash: &'a [u8],
    pub ending: &'a str,
    pub scopes: &'a [String],
    pub now: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    /// The most valid tokens of one account.
    pub max: i64,
}

/// Inserts a token; `false` when the account has the most it may have. The profile is locked, so that concurrent calls are
/// counted.
pub(super) async fn insert(tx: &mut PgConnection, new: &NewRow<'_>) -> Result<bool, DatabaseError> {
    sqlx::query!("select from public.user_profiles where user_id = $1 for no key update", new.user_id as UserId)
        .execute(&mut *tx)
        .await?;
    let done = sqlx::query!(
        r#"insert into public.api_tokens (id, user_id, name, token_hash, ending, scopes, created_at, expires_at)
           select $1, $2, $3, $4, $5, $6, $7, $8
           where (select count(*) from public.api_tokens
                   where user_id = $2 and revoked_at is null and expires_at > $7) < $9"#,
        new.id as ApiTokenId,
        new.user_id as UserId,
        new.name,
        new.token_hash,
        new.ending,
        new.scopes,
        new.now,
        new.expires_at,
        new.max,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A valid token and the profile of its account.
pub(super) struct Found {
    pub id: ApiTokenId,
    pub user_id: UserId,
    pub scopes: Vec<String>,
    pub role: Role,
    pub is_banned: bool,
    pub display_name: String,
    pub is_address_verified: bool,
    pub last_used_at: Option<OffsetDateTime>,
}

pub(super) async fn find(
    tx: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<Found>, DatabaseError> {
    sqlx::query_as!(
        Found,
        r#"select t.id as "id: ApiTokenId", t.user_id as "user_id: UserId", t.scopes, p.role as "role: Role", p.is_banned,
                  p.display_name, app.user_email_verified_at(p.user_id) is not null as "is_address_verified!",
                  t.last_used_at
           from public.api_tokens t join public.user_profiles p on p.user_id = t.user_id
           where t.token_hash = $1 and t.revoked_at is null and t.expires_at > $2"#,
        token_hash,
        now,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn touch(tx: &mut PgConnection, id: ApiTokenId, now: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!("update public.api_tokens set last_used_at = $2 where id = $1", id as ApiTokenId, now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The valid tokens of an account, the newest first. In a transaction of the account or of the platform.
pub(super) async fn list(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<Vec<ApiToken>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select id as "id: ApiTokenId", name, ending, scopes, created_at, expires_at, last_used_at
           from public.api_tokens where user_id = $1 and revoked_at is null and expires_at > $2
           order by created_at desc, id desc"#,
        user_id as UserId,
        now,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ApiToken {
            id: row.id,
            name: row.name,
            ending: row.ending,
            scopes: row.scopes.iter().filter_map(|scope| Scope::parse(scope)).collect(),
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        })
        .collect())
}

/// Revokes a token; `false` when the account has no such token.
pub(super) async fn revoke(
    tx: &mut PgConnection,
    user_id: UserId,
    id: ApiTokenId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.api_tokens set revoked_at = $3 where id = $1 and user_id = $2 and revoked_at is null",
        id as ApiTokenId,
        user_id as UserId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Revokes every token of an account.
pub(crate) async fn revoke_all_api_tokens(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.api_tokens set revoked_at = $2 where user_id = $1 and revoked_at is null",
        user_id as UserId,
        now
    )
    .execute(tx)
    .await?;
    Ok(())
}
