//! The SQL of `account_exports`, and the rows of an account in the tables of all domains.

use futures::TryStreamExt as _;
use kernel::UserId;
use platform::DatabaseError;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use time::OffsetDateTime;

use super::model::{AccountExport, AccountExportId, ExportState, OwnRows};

/// Inserts an export; `false` when one is being built. The profile is locked, so that concurrent calls are counted.
pub(super) async fn insert(
    tx: &mut PgConnection,
    id: AccountExportId,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    sqlx::query!("select from public.user_profiles where user_id = $1 for no key update", user_id as UserId)
        .execute(&mut *tx)
        .await?;
    let done = sqlx::query!(
        r#"insert into public.account_exports (id, user_id, state, requested_at)
           select $1, $2, 'requested', $3
           where not exists (select from public.account_exports where user_id = $2 and state = 'requested')"#,
        id as AccountExportId,
        user_id as UserId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The account of a requested export; `None` when it is not requested any more.
pub(super) async fn requested(tx: &mut PgConnection, id: AccountExportId) -> Result<Option<UserId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select user_id as "user_id: UserId" from public.account_exports where id = $1 and state = 'requested'"#,
        id as AccountExportId,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn mark_ready(
    tx: &mut PgConnection,
    id: AccountExportId,
    storage_key: &str,
    size_bytes: i64,
    now: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.account_exports
           set state = 'ready', storage_key = $2, size_bytes = $3, ready_at = $4, expires_at = $5
           where id = $1 and state = 'requested'"#,
        id as AccountExportId,
        storage_key,
        size_bytes,
        now,
        expires_at,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn mark_failed(tx: &mut PgConnection, id: AccountExportId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.account_exports set state = 'failed' where id = $1 and state = 'requested'",
        id as AccountExportId
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The five newest exports of an account.
pub(super) async fn list(tx: &mut PgConnection, user_id: UserId) -> Result<Vec<AccountExport>, DatabaseError> {
    sqlx::query_as!(
        AccountExport,
        r#"select id as "id: AccountExportId", state as "state: ExportState", size_bytes, requested_at, expires_at
           from public.account_exports where user_id = $1 order by requested_at desc, id desc limit 5"#,
        user_id as UserId,
    )
    .fetch_all(tx)
    .await
}

/// The storage key of a file that its owner can download.
pub(super) async fn ready_key(
    tx: &mut PgConnection,
    user_id: UserId,
    id: AccountExportId,
    now: OffsetDateTime,
) -> Result<Option<String>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select storage_key as "storage_key!" from public.account_exports
           where id = $1 and user_id = $2 and state = 'ready' and expires_at > $3"#,
        id as AccountExportId,
        user_id as UserId,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Up to 200 expired exports and their storage keys.
pub(super) async fn expired(
    tx: &mut PgConnection,
    now: OffsetDateTime,
) -> Result<Vec<(AccountExportId, String)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select id as "id: AccountExportId", storage_key as "storage_key!" from public.account_exports
           where state = 'ready' and expires_at <= $1 order by expires_at limit 200"#,
        now,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.storage_key)).collect())
}

pub(super) async fn mark_ended(tx: &mut PgConnection, id: AccountExportId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.account_exports set state = 'ended', storage_key = null where id = $1 and state = 'ready'",
        id as AccountExportId
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Expires every export of an account; the hourly job deletes the files.
pub(crate) async fn expire_all(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.account_exports
           set state = case state when 'requested' then 'failed' else state end,
               expires_at = case state when 'ready' then least(expires_at, $2) else expires_at end
           where user_id = $1 and state in ('requested', 'ready')"#,
        user_id as UserId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The profile of an account with its passkeys and linked identities.
pub(super) async fn describe(tx: &mut PgConnection, user_id: UserId) -> Result<Value, DatabaseError> {
    let found = sqlx::query_scalar!(
        r#"select jsonb_build_object(
             'id', p.user_id, 'email', app.user_email(p.user_id),
             'emailVerifiedAt', app.user_email_verified_at(p.user_id), 'displayName', p.display_name, 'bio', p.bio,
             'avatarUrl', p.avatar_url, 'contact', p.contact, 'role', p.role, 'locale', p.locale,
             'isBanned', p.is_banned, 'createdAt', p.created_at, 'updatedAt', p.updated_at,
             'passkeys', (select coalesce(jsonb_agg(jsonb_build_object('name', k.name, 'createdAt', k.created_at)), '[]')
                            from public.passkeys k where k.user_id = p.user_id),
             'accountsElsewhere', (select coalesce(jsonb_agg(jsonb_build_object(
                                     'issuer', o.issuer, 'email', o.email, 'createdAt', o.created_at)), '[]')
                                     from public.oidc_identities o where o.user_id = p.user_id)) as "account!"
           from public.user_profiles p where p.user_id = $1"#,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await?;
    Ok(found.unwrap_or(Value::Null))
}

/// Calls `each` with every row of the account in a table, with the columns that the account may read. In a transaction of
/// the account, so that row level security applies. The names come from the program, never from input.
pub(super) async fn each_own_row(
    tx: &mut PgConnection,
    rows: &OwnRows,
    user_id: UserId,
    mut each: impl FnMut(Value) -> Result<(), DatabaseError>,
) -> Result<u64, DatabaseError> {
    let columns: Option<String> = sqlx::query_scalar!(
        r#"select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
           where a.attrelid = ($1::text)::regclass and a.attnum > 0 and not a.attisdropped
             and has_column_privilege(a.attrelid, a.attnum, 'select')"#,
        rows.table,
    )
    .fetch_one(&mut *tx)
    .await?;
    let Some(columns) = columns else { return Ok(0) };
    let statement =
        format!("select to_jsonb(own) from (select {columns} from {} where {} = $1) as own", rows.table, rows.owner);
    let mut found = sqlx::query_scalar::<_, Value>(AssertSqlSafe(statement)).bind(user_id.uuid()).fetch(tx);
    let mut count = 0;
    while let Some(row) = found.try_next().await? {
        each(row)?;
        count += 1;
    }
    Ok(count)
}
