//! The SQL of `sessions`.

use std::net::IpAddr;

use kernel::{Role, SessionId, UserId};
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{OwnSession, SessionKind};

pub(super) struct NewRow<'a> {
    pub id: SessionId,
    pub user_id: UserId,
    pub kind: SessionKind,
    pub token_hash: &'a [u8],
    pub user_agent: &'a str,
    pub address: Option<IpAddr>,
    pub factors: &'a [String],
    pub now: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

pub(super) async fn insert(tx: &mut PgConnection, session: &NewRow<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.sessions
             (id, user_id, kind, token_hash, user_agent, ip, created_at, last_seen_at, expires_at,
              authenticated_at, factors)
           values ($1, $2, $3, $4, $5, $6::text::inet, $7, $7, $8, $7, $9)"#,
        session.id as SessionId,
        session.user_id as UserId,
        session.kind as SessionKind,
        session.token_hash,
        session.user_agent,
        session.address.map(|address| address.to_string()),
        session.now,
        session.expires_at,
        session.factors,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The session of a secret and the profile of its account.
pub(super) struct Found {
    pub session_id: SessionId,
    pub user_id: UserId,
    pub role: Role,
    pub is_banned: bool,
    pub display_name: String,
    pub last_seen_at: OffsetDateTime,
    pub is_address_verified: bool,
    pub has_second_factor: bool,
}

/// The session of a secret when it is valid and was used after `idle_since`.
pub(super) async fn find(
    tx: &mut PgConnection,
    token_hash: &[u8],
    kind: SessionKind,
    now: OffsetDateTime,
    idle_since: OffsetDateTime,
) -> Result<Option<Found>, DatabaseError> {
    sqlx::query_as!(
        Found,
        r#"select s.id as "session_id: SessionId", s.user_id as "user_id: UserId", p.role as "role: Role", p.is_banned,
                  p.display_name, s.last_seen_at,
                  app.user_email_verified_at(p.user_id) is not null as "is_address_verified!",
                  s.factors && array['passkey', 'totp', 'recovery_code'] as "has_second_factor!"
           from public.sessions s join public.user_profiles p on p.user_id = s.user_id
           where s.token_hash = $1 and s.kind = $2 and s.revoked_at is null and s.expires_at > $3 and s.last_seen_at > $4"#,
        token_hash,
        kind as SessionKind,
        now,
        idle_since,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn touch(tx: &mut PgConnection, id: SessionId, now: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2",
        id as SessionId,
        now
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn revoke(tx: &mut PgConnection, id: SessionId, now: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.sessions set revoked_at = $2 where id = $1 and revoked_at is null",
        id as SessionId,
        now
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends every session of an account but `kept`; returns how many.
pub(super) async fn revoke_others(
    tx: &mut PgConnection,
    user_id: UserId,
    kept: Option<SessionId>,
    now: OffsetDateTime,
) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.sessions set revoked_at = $3
           where user_id = $1 and revoked_at is null and ($2::uuid is null or id <> $2)"#,
        user_id as UserId,
        kept as Option<SessionId>,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Replaces the secret of a valid session and records the proof; returns when the session ends.
pub(super) async fn rotate(
    tx: &mut PgConnection,
    id: SessionId,
    token_hash: &[u8],
    factor: &str,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, DatabaseError> {
    sqlx::query_scalar!(
        r#"update public.sessions set token_hash = $2, last_seen_at = $4,
             authenticated_at = $4, factors = case when $3 = any(factors) then factors else factors || $3::text end
           where id = $1 and revoked_at is null and expires_at > $4 returning expires_at"#,
        id as SessionId,
        token_hash,
        factor,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Records the proof of a session and keeps its secret.
pub(super) async fn record_proof(
    tx: &mut PgConnection,
    id: SessionId,
    factor: &str,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.sessions set authenticated_at = $3,
             factors = case when $2 = any(factors) then factors else factors || $2::text end
           where id = $1 and revoked_at is null"#,
        id as SessionId,
        factor,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// When a session was last authenticated; `None` for an id that is not a valid session's (an API token's).
pub(super) async fn authenticated_at(
    tx: &mut PgConnection,
    id: SessionId,
) -> Result<Option<OffsetDateTime>, DatabaseError> {
    sqlx::query_scalar!(
        "select authenticated_at from public.sessions where id = $1 and revoked_at is null",
        id as SessionId
    )
    .fetch_optional(tx)
    .await
}

/// The valid sessions of an account, the last used first; 200 at most.
pub(super) async fn list(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
    idle_since: OffsetDateTime,
) -> Result<Vec<OwnSession>, DatabaseError> {
    sqlx::query_as!(
        OwnSession,
        r#"select id as "id: SessionId", kind as "kind: SessionKind", user_agent, created_at, last_seen_at
           from public.sessions
           where user_id = $1 and revoked_at is null and expires_at > $2 and last_seen_at > $3
           order by last_seen_at desc, id desc limit 200"#,
        user_id as UserId,
        now,
        idle_since,
    )
    .fetch_all(tx)
    .await
}

/// Ends one session of an account; `false` when it has no such session.
pub(super) async fn revoke_own(
    tx: &mut PgConnection,
    user_id: UserId,
    id: SessionId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.sessions set revoked_at = $3 where id = $1 and user_id = $2 and revoked_at is null",
        id as SessionId,
        user_id as UserId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes up to 5,000 sessions that ended before `before`; returns how many.
pub(super) async fn sweep(tx: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        "delete from public.sessions where id in (select id from public.sessions where expires_at < $1 limit 5000)",
        before,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
