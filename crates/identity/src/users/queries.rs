//! The SQL of accounts and profiles (`auth.users` through functions of the schema `app`).

use std::collections::BTreeMap;

use kernel::{Locale, Role, UserId};
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::email::EmailAddress;
use super::model::{Account, PublicProfile};

/// Creates the account; `false` when the address is taken.
pub(super) async fn insert(
    tx: &mut PgConnection,
    id: UserId,
    email: &EmailAddress,
    display_name: &str,
    role: Role,
    locale: Locale,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let is_made = sqlx::query_scalar!(
        r#"select app.register_user($1, $2, $3) as "is_made!""#,
        id as UserId,
        email.as_str(),
        now,
    )
    .fetch_one(&mut *tx)
    .await?;
    if !is_made {
        return Ok(false);
    }
    sqlx::query!(
        r#"insert into public.user_profiles (user_id, display_name, role, locale, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $5)"#,
        id as UserId,
        display_name,
        role as Role,
        locale.tag(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(true)
}

/// The account; in a transaction of the platform.
///
/// # Errors
/// When the database fails.
pub async fn account(tx: &mut PgConnection, id: UserId) -> Result<Option<Account>, DatabaseError> {
    sqlx::query_as!(
        Account,
        r#"select user_id as "id: UserId", app.user_email(user_id) as "email!", display_name, role as "role: Role", locale,
                  is_banned, app.user_email_verified_at(user_id) as email_verified_at
           from public.user_profiles where user_id = $1"#,
        id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// The accounts with these ids, in no order; unknown ids are left out. In a transaction of the platform.
///
/// # Errors
/// When the database fails.
pub async fn accounts(tx: &mut PgConnection, ids: &[UserId]) -> Result<Vec<Account>, DatabaseError> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Account,
        r#"select user_id as "id: UserId", app.user_email(user_id) as "email!", display_name, role as "role: Role", locale,
                  is_banned, app.user_email_verified_at(user_id) as email_verified_at
           from public.user_profiles where user_id = any($1)"#,
        &ids,
    )
    .fetch_all(tx)
    .await
}

/// The account of a mail address and the hash of its password, when it has one.
pub(crate) async fn account_by_email(
    tx: &mut PgConnection,
    email: &EmailAddress,
) -> Result<Option<(Account, Option<String>)>, DatabaseError> {
    let row = sqlx::query!(
        r#"select p.user_id as "id: UserId", app.user_email(p.user_id) as "email!", p.display_name,
                  p.role as "role: Role", p.locale, p.is_banned, w.password_hash as "password_hash?",
                  app.user_email_verified_at(p.user_id) as email_verified_at
           from public.user_profiles p
           left join public.user_passwords w on w.user_id = p.user_id
           where p.user_id = app.user_id_of_email($1)"#,
        email.as_str(),
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| {
        let account = Account {
            id: row.id,
            email: row.email,
            display_name: row.display_name,
            role: row.role,
            locale: row.locale,
            is_banned: row.is_banned,
            email_verified_at: row.email_verified_at,
        };
        (account, row.password_hash)
    }))
}

/// The public part of a profile; in any transaction.
///
/// # Errors
/// When the database fails.
pub async fn public_profile(tx: &mut PgConnection, id: UserId) -> Result<Option<PublicProfile>, DatabaseError> {
    sqlx::query_as!(
        PublicProfile,
        r#"select user_id as "id: UserId", display_name, bio, created_at from public.user_profiles where user_id = $1"#,
        id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// The display names of several people; those that do not exist are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn display_names(tx: &mut PgConnection, ids: &[UserId]) -> Result<BTreeMap<UserId, String>, DatabaseError> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select user_id as "id: UserId", display_name from public.user_profiles where user_id = any($1)"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.display_name)).collect())
}

/// Gives a user who publishes the role of a seller; other roles stay.
///
/// # Errors
/// When the database fails.
pub async fn become_seller(tx: &mut PgConnection, id: UserId, now: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.user_profiles set role = 'seller', updated_at = $2 where user_id = $1 and role = 'user'",
        id as UserId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Sets the role and, when it changes, ends every session of the account. `false` when there is no such account.
///
/// # Errors
/// When the database fails.
pub async fn set_role(
    tx: &mut PgConnection,
    id: UserId,
    role: Role,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    sqlx::query!(
        r#"update public.sessions set revoked_at = $3
           where user_id = $1 and revoked_at is null
             and exists (select from public.user_profiles where user_id = $1 and role <> $2)"#,
        id as UserId,
        role as Role,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let done = sqlx::query!(
        "update public.user_profiles set role = $2, updated_at = $3 where user_id = $1",
        id as UserId,
        role as Role,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Bans an account or lifts the ban. `false` when there is no such account.
///
/// # Errors
/// When the database fails.
pub async fn set_banned(
    tx: &mut PgConnection,
    id: UserId,
    is_banned: bool,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        "update public.user_profiles set is_banned = $2, updated_at = $3 where user_id = $1",
        id as UserId,
        is_banned,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The id of the account with this mail address.
///
/// # Errors
/// When the database fails.
pub async fn id_of_email(tx: &mut PgConnection, email: &EmailAddress) -> Result<Option<UserId>, DatabaseError> {
    sqlx::query_scalar!(r#"select app.user_id_of_email($1) as "id: UserId""#, email.as_str()).fetch_one(tx).await
}

/// Records that the owner receives mail at `email`; `false` when the account has another address by now.
///
/// # Errors
/// When the database fails.
pub async fn verify_email(
    tx: &mut PgConnection,
    id: UserId,
    email: &str,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(r#"select app.verify_user_email($1, $2, $3) as "done!""#, id as UserId, email, now)
        .fetch_one(tx)
        .await
}

/// Gives the account a verified address; `false` when another account has it.
pub(crate) async fn change_email(
    tx: &mut PgConnection,
    id: UserId,
    email: &str,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(r#"select app.change_user_email($1, $2, $3) as "done!""#, id as UserId, email, now)
        .fetch_one(tx)
        .await
}
