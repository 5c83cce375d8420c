//! The SQL of `passkeys` and `passkey_ceremonies`.

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

/// A ceremony and the account it was begun for.
pub(super) struct Ceremony {
    pub user_id: Option<UserId>,
    pub state: Vec<u8>,
}

/// Deletes a ceremony and returns it when it has not expired.
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
    pub static_state: &'a [u8],
    pub dynamic_state: &'a [u8],
    pub transports: i16,
    pub name: &'a str,
    pub now: OffsetDateTime,
}

/// Inserts a passkey; `false` when its credential exists already.
pub(super) async fn insert(tx: &mut PgConnection, new: &NewPasskey<'_>) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.passkeys
             (id, user_id, credential_id, fixed_state, moving_state, transports, name, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing"#,
        new.id as PasskeyId,
        new.user_id as UserId,
        new.credential_id,
        new.static_state,
        new.dynamic_state,
        new.transports,
        new.name,
        new.now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The passkeys of an account, the oldest first.
pub(crate) async fn list_passkeys(tx: &mut PgConnection, user_id: UserId) -> Result<Vec<Passkey>, DatabaseError> {
    sqlx::query_as!(
        Passkey,
        r#"select id as "id: PasskeyId", name, created_at, last_used_at from public.passkeys
           where user_id = $1 order by created_at, id"#,
        user_id as UserId,
    )
    .fetch_all(tx)
    .await
}

/// The credential ids of an account with their transports (a bit set).
pub(super) async fn credentials(tx: &mut PgConnection, user_id: UserId) -> Result<Vec<(Vec<u8>, i16)>, DatabaseError> {
    let rows = sqlx::query!(
        "select credential_id, transports from public.passkeys where user_id = $1 order by created_at, id",
        user_id as UserId
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.credential_id, row.transports)).collect())
}

/// The stored half of a passkey, against which a signature is verified.
pub(super) struct StoredPasskey {
    pub id: PasskeyId,
    pub user_id: UserId,
    pub static_state: Vec<u8>,
    pub dynamic_state: Vec<u8>,
}

/// The passkey of a credential, locked until the transaction ends, so that its counter never goes back.
pub(super) async fn find_locked(
    tx: &mut PgConnection,
    credential_id: &[u8],
) -> Result<Option<StoredPasskey>, DatabaseError> {
    sqlx::query_as!(
        StoredPasskey,
        r#"select id as "id: PasskeyId", user_id as "user_id: UserId", fixed_state as static_state, moving_state as dynamic_state
           from public.passkeys where credential_id = $1 for update"#,
        credential_id,
    )
    .fetch_optional(tx)
    .await
}

/// Records a use and the new counter and flags.
pub(super) async fn record_use(
    tx: &mut PgConnection,
    id: PasskeyId,
    dynamic_state: &[u8],
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.passkeys set moving_state = $2, last_used_at = $3 where id = $1",
        id as PasskeyId,
        dynamic_state,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Renames a passkey; `false` when the account has no such passkey.
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

/// Deletes a passkey of an account and returns its name.
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
