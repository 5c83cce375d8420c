//! The SQL of second factors: `login_challenges`, `recovery_codes`, and the sweep of ceremonies and flows.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{CHALLENGE_ATTEMPTS_MAX, Factors, LoginChallengeId};
use crate::sessions::model::SessionKind;

/// The second factors of an account.
pub(crate) async fn factors(tx: &mut PgConnection, user_id: UserId) -> Result<Factors, DatabaseError> {
    sqlx::query_as!(
        Factors,
        r#"select exists (select from public.totp_secrets where user_id = $1 and confirmed_at is not null) as "has_totp!",
                  (select count(*) from public.passkeys where user_id = $1) as "passkeys!",
                  (select count(*) from public.recovery_codes where user_id = $1 and used_at is null) as "recovery_codes!""#,
        user_id as UserId,
    )
    .fetch_one(tx)
    .await
}

pub(super) struct NewChallenge<'a> {
    pub id: LoginChallengeId,
    pub token_hash: &'a [u8],
    pub user_id: UserId,
    pub proved_by: &'a str,
    pub kind: SessionKind,
    pub now: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

pub(super) async fn insert(tx: &mut PgConnection, new: &NewChallenge<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.login_challenges (id, token_hash, user_id, proved_by, kind, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7)"#,
        new.id as LoginChallengeId,
        new.token_hash,
        new.user_id as UserId,
        new.proved_by,
        new.kind as SessionKind,
        new.now,
        new.expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A challenge that can still be answered.
pub(super) struct Challenge {
    pub id: LoginChallengeId,
    pub user_id: UserId,
    pub proved_by: String,
    pub kind: SessionKind,
    pub attempts: i32,
}

/// The open challenge of a secret; counts nothing.
pub(super) async fn find_challenge(
    tx: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<Challenge>, DatabaseError> {
    sqlx::query_as!(
        Challenge,
        r#"select id as "id: LoginChallengeId", user_id as "user_id: UserId", proved_by, kind as "kind: SessionKind",
                  attempts
           from public.login_challenges
           where token_hash = $1 and consumed_at is null and expires_at > $2 and attempts < $3"#,
        token_hash,
        now,
        CHALLENGE_ATTEMPTS_MAX,
    )
    .fetch_optional(tx)
    .await
}

/// Counts an attempt before it is checked; `None` when the challenge allows no more.
pub(super) async fn take_attempt(
    tx: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<Challenge>, DatabaseError> {
    sqlx::query_as!(
        Challenge,
        r#"update public.login_challenges set attempts = attempts + 1
           where token_hash = $1 and consumed_at is null and expires_at > $2 and attempts < $3
           returning id as "id: LoginChallengeId", user_id as "user_id: UserId", proved_by, kind as "kind: SessionKind",
                     attempts"#,
        token_hash,
        now,
        CHALLENGE_ATTEMPTS_MAX,
    )
    .fetch_optional(tx)
    .await
}

/// Uses a challenge up; `false` when it was used or expired meanwhile.
pub(super) async fn consume(
    tx: &mut PgConnection,
    id: LoginChallengeId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.login_challenges set consumed_at = $2 where id = $1 and consumed_at is null and expires_at > $2",
        id as LoginChallengeId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes the open challenges of an account, because its factors changed.
pub(super) async fn delete_challenges(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.login_challenges where user_id = $1", user_id as UserId).execute(tx).await?;
    Ok(())
}

/// Deletes up to 5,000 each of the challenges, passkey ceremonies and OIDC flows that expired before `before`; returns how
/// many.
pub(super) async fn sweep(tx: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DatabaseError> {
    let challenges = sqlx::query!(
        r#"delete from public.login_challenges where id in
             (select id from public.login_challenges where expires_at < $1 order by expires_at limit 5000
              for update skip locked)"#,
        before
    )
    .execute(&mut *tx)
    .await?;
    let ceremonies = sqlx::query!(
        r#"delete from public.passkey_ceremonies where token_hash in
             (select token_hash from public.passkey_ceremonies where expires_at < $1 order by expires_at limit 5000
              for update skip locked)"#,
        before
    )
    .execute(&mut *tx)
    .await?;
    let flows = sqlx::query!(
        r#"delete from public.oidc_flows where state_hash in
             (select state_hash from public.oidc_flows where expires_at < $1 order by expires_at limit 5000
              for update skip locked)"#,
        before
    )
    .execute(tx)
    .await?;
    Ok(challenges.rows_affected() + ceremonies.rows_affected() + flows.rows_affected())
}

/// Deletes every second factor and linked identity of an account.
pub(crate) async fn delete_all_factors(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.login_challenges where user_id = $1", user_id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.passkey_ceremonies where user_id = $1", user_id as UserId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from public.oidc_flows where user_id = $1", user_id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.oidc_identities where user_id = $1", user_id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.recovery_codes where user_id = $1", user_id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.totp_secrets where user_id = $1", user_id as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from public.passkeys where user_id = $1", user_id as UserId).execute(tx).await?;
    Ok(())
}

/// Deletes the recovery codes of an account.
pub(super) async fn delete_recovery_codes(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.recovery_codes where user_id = $1", user_id as UserId).execute(tx).await?;
    Ok(())
}

/// Stores the hash of the recovery code in a slot.
pub(super) async fn insert_recovery_code(
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

/// The hash of the unused recovery code in a slot.
pub(super) async fn unused_code_hash(
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

/// Uses a recovery code up; `false` when it was used or replaced meanwhile.
pub(super) async fn use_recovery_code(
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
