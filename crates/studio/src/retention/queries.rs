//! The SQL of retention. A day is 24 hours, whatever clocks do in summer.

use kernel::{GenerationId, UserId};
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::Notice;

/// Serialises changes to how long one account's pictures are kept, until the transaction ends.
pub(super) async fn lock_owner(tx: &mut PgConnection, user_id: UserId) -> Result<(), DatabaseError> {
    let key = format!("studio.retention/{user_id}");
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))::text as locked", key).fetch_one(tx).await?;
    Ok(())
}

/// Keeps up to `limit` of a person's pictures for as long as `days` from the day they were made, those that would go
/// earlier; without `days` for ever. Returns how many.
pub(super) async fn extend(
    tx: &mut PgConnection,
    user_id: UserId,
    days: Option<i32>,
    limit: i64,
) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.generations set expires_at = created_at + $2::integer * interval '24 hours'
           where id in (
             select id from public.generations
             where user_id = $1 and deleted_at is null and kind <> 'text' and expires_at is not null
               and ($2::integer is null or expires_at < created_at + $2::integer * interval '24 hours')
             limit $3)"#,
        user_id as UserId,
        days,
        limit,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Keeps up to `limit` of a person's pictures for `days` from the day they were made, but until `not_before` at least,
/// those that would be kept longer. Returns how many.
pub(super) async fn shorten(
    tx: &mut PgConnection,
    user_id: UserId,
    days: i32,
    not_before: OffsetDateTime,
    limit: i64,
) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.generations
           set expires_at = greatest(created_at + $2::integer * interval '24 hours', $3::timestamptz)
           where id in (
             select id from public.generations
             where user_id = $1 and deleted_at is null and kind <> 'text'
               and (expires_at is null
                    or expires_at > greatest(created_at + $2::integer * interval '24 hours', $3::timestamptz))
             limit $4)"#,
        user_id as UserId,
        days,
        not_before,
        limit,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// How many of an account's pictures a shorter plan affects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affected {
    /// Pictures that are kept for a shorter time.
    pub all: i64,
    /// Those of them that go as soon as the notice is over.
    pub at_once: i64,
}

/// Counts what [`shorten`] would change and nothing keeps.
pub(super) async fn affected(
    tx: &mut PgConnection,
    user_id: UserId,
    days: i32,
    not_before: OffsetDateTime,
) -> Result<Affected, DatabaseError> {
    sqlx::query_as!(
        Affected,
        r#"select count(*) as "all!",
                  count(*) filter (where created_at + $2::integer * interval '24 hours' <= $3) as "at_once!"
           from public.generations
           where user_id = $1 and deleted_at is null and kept_reason is null and not is_used and status = 'completed'
             and (expires_at is null
                  or expires_at > greatest(created_at + $2::integer * interval '24 hours', $3::timestamptz))"#,
        user_id as UserId,
        days,
        not_before,
    )
    .fetch_one(tx)
    .await
}

/// A notice to be recorded.
pub(super) struct NewNotice<'a> {
    pub id: Uuid,
    pub user_id: UserId,
    pub plan: &'a str,
    pub days_before: Option<i32>,
    pub days: i32,
    pub pictures: i64,
    pub takes_effect_at: OffsetDateTime,
    pub now: OffsetDateTime,
}

/// Records that somebody was notified.
pub(super) async fn insert_notice(tx: &mut PgConnection, new: &NewNotice<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.retention_notices
             (id, user_id, plan, history_days_before, history_days, picture_count, told_at, takes_effect_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)"#,
        new.id,
        new.user_id as UserId,
        new.plan,
        new.days_before,
        new.days,
        new.pictures,
        new.now,
        new.takes_effect_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The open notices of an account, the next one first; row level security limits it to the own ones.
pub(crate) async fn open_notices(
    tx: &mut PgConnection,
    user_id: UserId,
    now: OffsetDateTime,
) -> Result<Vec<Notice>, DatabaseError> {
    sqlx::query_as!(
        Notice,
        r#"select history_days, takes_effect_at from public.retention_notices
           where user_id = $1 and withdrawn_at is null and takes_effect_at > $2
           order by takes_effect_at"#,
        user_id as UserId,
        now,
    )
    .fetch_all(tx)
    .await
}

/// Withdraws the open notices that a plan with `days` makes void, and softens those that it makes milder. Returns how
/// many were withdrawn.
pub(super) async fn withdraw_notices(
    tx: &mut PgConnection,
    user_id: UserId,
    plan: &str,
    days: Option<i32>,
    now: OffsetDateTime,
) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.retention_notices set withdrawn_at = $3
           where user_id = $1 and withdrawn_at is null and takes_effect_at > $3
             and ($2::integer is null or history_days_before <= $2)"#,
        user_id as UserId,
        days,
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"update public.retention_notices set history_days = $2, plan = $4
           where user_id = $1 and withdrawn_at is null and takes_effect_at > $3 and history_days < $2"#,
        user_id as UserId,
        days,
        now,
        plan,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// A picture that is past its time.
pub(super) struct Due {
    pub id: GenerationId,
    pub user_id: UserId,
    pub created_at: OffsetDateTime,
}

/// Locks up to `limit` pictures that are past their time and that nothing keeps.
pub(super) async fn lock_due(
    tx: &mut PgConnection,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<Due>, DatabaseError> {
    sqlx::query_as!(
        Due,
        r#"select g.id as "id: GenerationId", g.user_id as "user_id: UserId", g.created_at
           from public.generations as g
           where g.expires_at <= $1 and g.deleted_at is null and g.kept_reason is null and not g.is_used
             and g.expires_at is not null and g.status not in ('queued', 'processing')
           order by g.expires_at limit $2 for update of g skip locked"#,
        now,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// Moves the expiry of each of these pictures to the one at the same place of `expiries`; `None` is never.
pub(super) async fn postpone(
    tx: &mut PgConnection,
    ids: &[Uuid],
    expiries: &[Option<OffsetDateTime>],
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.generations as g set expires_at = kept.until
           from unnest($1::uuid[], $2::timestamptz[]) as kept (id, until) where g.id = kept.id"#,
        ids,
        expiries as &[Option<OffsetDateTime>],
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Hides these pictures from their owners; their files are to be removed next.
pub(super) async fn begin_removal(
    tx: &mut PgConnection,
    ids: &[Uuid],
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.generations
           set deleted_at = $2, files_removed_at = $2, removal_begun_at = $2, updated_at = $2
           where id = any($1)"#,
        ids,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Up to `limit` pictures whose removal has begun, by this run or an earlier one.
pub(super) async fn being_removed(tx: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id from public.generations where removal_begun_at is not null order by removal_begun_at, id limit $1"#,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// A file that is to go.
pub(super) struct OldFile {
    pub key: StorageKey,
    pub size_bytes: i64,
}

/// Every file of these pictures, and what attempts at them left behind.
pub(super) async fn files_of(tx: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<OldFile>, DatabaseError> {
    sqlx::query_as!(
        OldFile,
        r#"select m.storage_key as "key!: StorageKey", m.size_bytes as "size_bytes!"
           from public.media_images as m where m.generation_id = any($1)
           union all
           select staged.key, 0
           from public.ai_jobs as a cross join lateral unnest(a.staged_keys) as staged (key)
           where a.generation_id = any($1)
             and not exists (select 1 from public.media_images as m where m.storage_key = staged.key)"#,
        ids,
    )
    .fetch_all(tx)
    .await
}

/// The files of these pictures are gone: so are their rows, and what was written in them.
pub(super) async fn forget_files(
    tx: &mut PgConnection,
    ids: &[Uuid],
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!("delete from public.generation_outputs where generation_id = any($1)", ids).execute(&mut *tx).await?;
    sqlx::query!("delete from public.media_images where generation_id = any($1)", ids).execute(&mut *tx).await?;
    sqlx::query!("update public.ai_jobs set staged_keys = '{}' where generation_id = any($1)", ids)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        r#"update public.generations
           set removal_begun_at = null, updated_at = $2, prompt = '(deleted)', negative_prompt = null, spec = '{}'
           where id = any($1)"#,
        ids,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Removes the rows of pictures that were never published and have no descendants: nothing refers to them. Returns how
/// many.
pub(super) async fn delete_rows(tx: &mut PgConnection, ids: &[Uuid]) -> Result<u64, DatabaseError> {
    let unnamed: Vec<GenerationId> = sqlx::query_scalar!(
        r#"select g.id as "id: GenerationId" from public.generations as g
           where g.id = any($1) and g.published_at is null and g.deleted_at is not null
             and not exists (select 1 from public.generations as c where c.parent_id = g.id and c.user_id = g.user_id)"#,
        ids,
    )
    .fetch_all(&mut *tx)
    .await?;
    let unnamed: Vec<Uuid> = unnamed.into_iter().map(|id| id.0).collect();
    sqlx::query!("delete from public.ai_jobs where generation_id = any($1)", &unnamed).execute(&mut *tx).await?;
    sqlx::query!("delete from public.generation_inputs where generation_id = any($1)", &unnamed)
        .execute(&mut *tx)
        .await?;
    // What others were made with is remembered by its checksum alone.
    sqlx::query!(
        "update public.generation_inputs set source_generation_id = null where source_generation_id = any($1)",
        &unnamed
    )
    .execute(&mut *tx)
    .await?;
    let done = sqlx::query!("delete from public.generations where id = any($1)", &unnamed).execute(tx).await?;
    Ok(done.rows_affected())
}
