//! The only SQL of passkeys.

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{Passkey, PasskeyId, Purpose};

pub(super) struct NewCeremony<'a> {
    pub token_hash: &'a [u8],
    pub purpose: Purpose,
    pub user_id: Option<UserId>,
    pub state: &'a [u8],
    pub now: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

pub(super) async fn insert_ceremony(tx: &mut PgConnection, new: &NewCeremony<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.passkey_ceremonies (token_hash, purpose, user_id, state, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6)"#,
        new.token_hash,
        new.purpose as Purpose,
        new.user_id as Option<UserId>,
        new.state,
        new.now,
        new.expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A ceremony that was begun, for its owner.
pub(super) struct Ceremony {
    pub user_id: Option<UserId>,
    pub state: Vec<u8>,
}

/// Takes a ceremony away: it is answered once, whatever the answer is.
pub(super) async fn take_ceremony(
    tx: &mut PgConnection,
    token_hash: &[u8],
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<Option<Ceremony>, DatabaseError> {
    let row = sqlx::query!(
        r#"delete from public.passkey_ceremonies where token_hash = $1 and purpose = $2
           returning user_id as "user_id: UserId", state, expires_at"#,
        token_hash,
        purpose as Purpose,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.filter(|row| row.expires_at > now).map(|row| Ceremony { user_id: row.user_id, state: row.state }))
}

pub(super) struct NewPasskey<'a> {
    pub id: PasskeyId,
    pub user_id: UserId,
    pub credential_id: &'a [u8],
    pub fixed_state: &'a [u8],
    pub moving_state: &'a [u8],
    pub transports: i16,
    pub name: &'a str,
    pub now: OffsetDateTime,
}

/// Keeps a passkey; false when its credential is known already.
pub(super) async fn insert(tx: &mut PgConnection, new: &NewPasskey<'_>) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.passkeys
             (id, user_id, credential_id, fixed_state, moving_state, transports, name, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing"#,
        new.id as PasskeyId,
        new.user_id as UserId,
        new.credential_id,
        new.fixed_state,
        new.moving_state,
        new.transports,
        new.name,
        new.now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn list(tx: &mut PgConnection, user_id: UserId) -> Result<Vec<Passkey>, DatabaseError> {
    sqlx::query_as!(
        Passkey,
        r#"select id as "id: PasskeyId", name, created_at, last_used_at from public.passkeys
           where user_id = $1 order by created_at, id"#,
        user_id as UserId,
    )
    .fetch_all(tx)
    .await
}

/// The credentials of a person and how their authenticators are reached.
pub(super) async fn credentials(tx: &mut PgConnection, user_id: UserId) -> Result<Vec<(Vec<u8>, i16)>, DatabaseError> {
    let rows = sqlx::query!(
        "select credential_id, transports from public.passkeys where user_id = $1 order by created_at, id",
        user_id as UserId
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.credential_id, row.transports)).collect())
}

/// What a signature is held against.
pub(super) struct Kept {
    pub id: PasskeyId,
    pub user_id: UserId,
    pub fixed_state: Vec<u8>,
    pub moving_state: Vec<u8>,
}

/// The passkey of a credential, locked, so that its counter moves in one direction only.
pub(super) async fn find_locked(tx: &mut PgConnection, credential_id: &[u8]) -> Result<Option<Kept>, DatabaseError> {
    sqlx::query_as!(
        Kept,
        r#"select id as "id: PasskeyId", user_id as "user_id: UserId", fixed_state, moving_state
           from public.passkeys where credential_id = $1 for update"#,
        credential_id,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn note_use(
    tx: &mut PgConnection,
    id: PasskeyId,
    moving_state: &[u8],
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.passkeys set moving_state = $2, last_used_at = $3 where id = $1",
        id as PasskeyId,
        moving_state,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives a passkey another name; false when it is not this person's.
pub(super) async fn rename(
    tx: &mut PgConnection,
    user_id: UserId,
    id: PasskeyId,
    name: &str,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.passkeys set name = $3 where id = $1 and user_id = $2",
        id as PasskeyId,
        user_id as UserId,
        name,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a passkey of a person and answers its name.
pub(super) async fn delete(
    tx: &mut PgConnection,
    user_id: UserId,
    id: PasskeyId,
) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!(
        "delete from public.passkeys where id = $1 and user_id = $2 returning name",
        id as PasskeyId,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await
}
