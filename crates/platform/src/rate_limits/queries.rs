//! The only SQL of the rate limits.

use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;
use time::{Duration, OffsetDateTime};

use crate::db::error::DatabaseError;

pub(super) enum Taken {
    Allowed,
    Refused { arrival_at: OffsetDateTime },
}

/// Moves the theoretical arrival time on when it lies before `latest`; reserve first, so that parallel requests cannot
/// pass together.
pub(super) async fn take(
    tx: &mut PgConnection,
    limit_name: &str,
    key: &str,
    now: OffsetDateTime,
    every: Duration,
    latest: OffsetDateTime,
) -> Result<Taken, DatabaseError> {
    let every = interval(every);
    let moved = sqlx::query_scalar!(
        r#"insert into public.rate_limits as r (limit_name, key, arrival_at) values ($1, $2, $3::timestamptz + $4::interval)
           on conflict (limit_name, key) do update set arrival_at = greatest(r.arrival_at, $3) + $4
           where r.arrival_at <= $5
           returning arrival_at"#,
        limit_name,
        key,
        now,
        every,
        latest,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if moved.is_some() {
        return Ok(Taken::Allowed);
    }
    let arrival_at = sqlx::query_scalar!(
        "select arrival_at from public.rate_limits where limit_name = $1 and key = $2",
        limit_name,
        key,
    )
    .fetch_optional(tx)
    .await?;
    // A row that was swept between the two statements no longer limited anybody.
    Ok(arrival_at.map_or(Taken::Allowed, |arrival_at| Taken::Refused { arrival_at }))
}

/// Moves the theoretical arrival time back by one request.
pub(super) async fn give_back(
    tx: &mut PgConnection,
    limit_name: &str,
    key: &str,
    every: Duration,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.rate_limits set arrival_at = arrival_at - $3::interval where limit_name = $1 and key = $2",
        limit_name,
        key,
        interval(every),
    )
    .execute(tx)
    .await?;
    Ok(())
}

fn interval(length: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(length.whole_microseconds()).unwrap_or(0) }
}

/// Deletes what no longer limits anybody, a batch at a time.
pub(crate) async fn sweep(tx: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"delete from public.rate_limits where (limit_name, key) in (
             select limit_name, key from public.rate_limits where arrival_at < $1
             order by arrival_at limit 5000 for update skip locked)"#,
        before,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
