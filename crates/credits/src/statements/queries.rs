//! The SQL of statements; under row level security everybody reads the own part.

use kernel::{ImageCredits, Tokens, UserId, Yen};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use super::model::{Line, Owned, Period, Used};
use crate::prices::model::Operation;

/// What was used in a period, by day, operation and model.
pub(super) async fn used(tx: &mut Tx, user_id: UserId, period: Period) -> Result<Vec<Used>, DatabaseError> {
    let (begins, ends) = period.moments();
    sqlx::query_as!(
        Used,
        r#"select (t.created_at at time zone 'Asia/Tokyo')::date as "day!", t.operation as "operation!: Operation",
                  t.provider as "provider!", t.model as "model!", count(*) as "operations!",
                  coalesce(-sum(t.amount) filter (where t.unit = 'token'), 0)::bigint as "tokens!: Tokens",
                  coalesce(-sum(t.amount) filter (where t.unit = 'image'), 0)::bigint as "image_credits!: ImageCredits"
             from public.credit_transactions as t
            where t.user_id = $1 and t.type = 'api_usage' and t.created_at >= $2 and t.created_at < $3
            group by 1, 2, 3, 4 order by 1, 2, 3, 4"#,
        user_id as UserId,
        begins,
        ends,
    )
    .fetch_all(tx.conn())
    .await
}

/// What was there when a period began.
pub(super) async fn opening(tx: &mut Tx, user_id: UserId, period: Period) -> Result<Owned, DatabaseError> {
    let (begins, _) = period.moments();
    sqlx::query_as!(
        Owned,
        r#"select coalesce(sum(t.amount) filter (where t.unit = 'token'), 0)::bigint as "tokens!: Tokens",
                  coalesce(sum(t.amount) filter (where t.unit = 'image'), 0)::bigint as "image_credits!: ImageCredits"
             from public.credit_transactions as t
            where t.user_id = $1 and t.created_at < $2 and t.type not in ('hold', 'release')"#,
        user_id as UserId,
        begins,
    )
    .fetch_one(tx.conn())
    .await
}

/// The lines of a period: what was used summed up by day, operation and model where `by_day`, else one by one.
pub(super) async fn lines(
    tx: &mut Tx,
    user_id: UserId,
    period: Period,
    by_day: bool,
    limit: i64,
) -> Result<Vec<Line>, DatabaseError> {
    let (begins, ends) = period.moments();
    sqlx::query_as!(
        Line,
        r#"select max(t.created_at) as "at!: OffsetDateTime", max(t.id) as "number!", t.type as "kind!",
                  t.operation as "operation: Operation", t.provider, t.model, count(*) as "count!",
                  coalesce(sum(t.amount) filter (where t.unit = 'token'), 0)::bigint as "tokens!: Tokens",
                  coalesce(sum(t.amount) filter (where t.unit = 'image'), 0)::bigint as "image_credits!: ImageCredits",
                  coalesce(max(l.paid_yen) filter (where t.type in ('purchase', 'plan_grant')), 0) as "paid!: Yen"
             from public.credit_transactions as t
             left join public.credit_lots as l on l.id = t.lot_id
            where t.user_id = $1 and t.created_at >= $2 and t.created_at < $3 and t.type not in ('hold', 'release')
            group by (t.created_at at time zone 'Asia/Tokyo')::date, t.type, t.operation, t.provider, t.model,
                     case when $4 and t.type = 'api_usage' then 0 else t.id end
            order by (max(t.created_at) at time zone 'Asia/Tokyo')::date, max(t.id)
            limit $5"#,
        user_id as UserId,
        begins,
        ends,
        by_day,
        limit,
    )
    .fetch_all(tx.conn())
    .await
}

/// How much was made, and what the account is allowed.
pub(super) struct Settings {
    pub(super) history_days: Option<i32>,
    pub(super) page_limit: i32,
    pub(super) total_generations: i64,
    pub(super) monthly_generations: i64,
    pub(super) last_generation_at: Option<OffsetDateTime>,
}

pub(super) async fn settings(tx: &mut Tx, user_id: UserId) -> Result<Option<Settings>, DatabaseError> {
    sqlx::query_as!(
        Settings,
        r#"select history_days, page_limit, total_generations, monthly_generations, last_generation_at
             from public.user_settings where user_id = $1"#,
        user_id as UserId,
    )
    .fetch_optional(tx.conn())
    .await
}
