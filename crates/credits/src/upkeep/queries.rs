//! The SQL of upkeep. Each says how much it did; zero is the end.

use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

pub(super) async fn expire_due(tx: &mut Tx, now: OffsetDateTime, limit: i32) -> Result<i64, DatabaseError> {
    sqlx::query_scalar!(r#"select app.credits_expire_due($1, $2) as "ended!""#, now, limit).fetch_one(tx.conn()).await
}

pub(super) async fn release_due(tx: &mut Tx, now: OffsetDateTime, limit: i32) -> Result<i64, DatabaseError> {
    sqlx::query_scalar!(r#"select app.credits_release_due($1, $2) as "released!""#, now, limit)
        .fetch_one(tx.conn())
        .await
}

pub(super) async fn reset_usage(
    tx: &mut Tx,
    month_began_at: OffsetDateTime,
    now: OffsetDateTime,
    limit: i32,
) -> Result<i64, DatabaseError> {
    sqlx::query_scalar!(r#"select app.credits_reset_usage($1, $2, $3) as "reset!""#, month_began_at, now, limit)
        .fetch_one(tx.conn())
        .await
}
