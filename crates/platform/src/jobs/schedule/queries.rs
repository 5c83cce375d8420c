//! The SQL of schedules.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::db::error::DatabaseError;

/// Makes a schedule known; it first runs at `now`.
pub(super) async fn upsert_schedule(
    tx: &mut PgConnection,
    name: &str,
    every_seconds: i32,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.job_schedules (name, every_seconds, next_run_at) values ($1, $2, $3)
           on conflict (name) do update set every_seconds = excluded.every_seconds
             where job_schedules.every_seconds <> excluded.every_seconds"#,
        name,
        every_seconds,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Moves the due schedules on and returns their names. A schedule that was missed runs once, not once a miss.
pub(super) async fn due_schedules(
    tx: &mut PgConnection,
    names: &[String],
    now: OffsetDateTime,
) -> Result<Vec<String>, DatabaseError> {
    sqlx::query_scalar!(
        r#"update public.job_schedules
           set next_run_at = $1 + make_interval(secs => every_seconds)
           where name in (
             select name from public.job_schedules
              -- Never farther ahead than its interval: a clock that was ahead and went back stops nothing.
              where (next_run_at <= $1 or next_run_at > $1 + make_interval(secs => every_seconds)) and name = any($2)
                for update skip locked)
           returning name"#,
        now,
        names,
    )
    .fetch_all(tx)
    .await
}
