//! The SQL of `oidc_identities` and `oidc_flows`.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{ExternalIdentity, Flow};

pub(super) struct NewFlow<'a> {
    pub state_hash: &'a [u8],
    pub browser_hash: &'a [u8],
    pub sealed_secrets: &'a [u8],
    pub user_id: Option<UserId>,
    pub next_path: &'a str,
    pub now: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

pub(super) async fn insert_flow(tx: &mut PgConnection, new: &NewFlow<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.oidc_flows
             (state_hash, browser_hash, sealed_secrets, user_id, next_path, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7)"#,
        new.state_hash,
        new.browser_hash,
        new.sealed_secrets,
        new.user_id as Option<UserId>,
        new.next_path,
        new.now,
        new.expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Deletes a flow of this browser and returns it when it has not expired, so that a callback works once.
pub(super) async fn take_flow(
    tx: &mut PgConnection,
    state_hash: &[u8],
    browser_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<Flow>, DatabaseError> {
    let row = sqlx::query!(
        r#"delete from public.oidc_flows where state_hash = $1 and browser_hash = $2
           returning sealed_secrets, user_id as "user_id: UserId", next_path, expires_at"#,
        state_hash,
        browser_hash,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.filter(|row| row.expires_at > now).map(|row| Flow {
        sealed_secrets: row.sealed_secrets,
        user_id: row.user_id,
        next_path: row.next_path,
    }))
}

/// The account of an external identity; records the use.
pub(super) async fn owner(
    tx: &mut PgConnection,
    issuer: &str,
    subject: &str,
    now: OffsetDateTime,
) -> Result<Option<UserId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"update public.oidc_identities set last_used_at = $3 where issuer = $1 and subject = $2
           returning user_id as "user_id: UserId""#,
        issuer,
        subject,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Links an external identity to an account; `false` when either is linked already.
pub(super) async fn insert(
    tx: &mut PgConnection,
    identity: &ExternalIdentity,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.oidc_identities (issuer, subject, user_id, email, created_at, last_used_at)
           values ($1, $2, $3, $4, $5, $5) on conflict do nothing"#,
        identity.issuer,
        identity.subject,
        user_id as UserId,
        identity.email.as_ref().map(|email| email.as_str()),
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The address of the account's external identity at this issuer; the outer `None` without a link.
pub(super) async fn linked_email(
    tx: &mut PgConnection,
    user_id: UserId,
    issuer: &str,
) -> Result<Option<Option<String>>, DatabaseError> {
    sqlx::query_scalar!(
        "select email from public.oidc_identities where user_id = $1 and issuer = $2",
        user_id as UserId,
        issuer,
    )
    .fetch_optional(tx)
    .await
}

/// Removes a link; `false` when there is none.
pub(super) async fn delete(tx: &mut PgConnection, user_id: UserId, issuer: &str) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "delete from public.oidc_identities where user_id = $1 and issuer = $2",
        user_id as UserId,
        issuer,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
