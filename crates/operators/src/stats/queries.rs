//! The only SQL of the stats. Each statement reads what its index gives it for the days asked for.

use kernel::Yen;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{Day, PlanShare, Work};

/// All accounts, and the banned ones.
pub(super) async fn users(tx: &mut PgConnection) -> Result<(i64, i64), DatabaseError> {
    let row = sqlx::query!(
        r#"select count(*) as "people!", count(*) filter (where is_banned) as "banned!" from public.user_profiles"#
    )
    .fetch_one(tx)
    .await?;
    Ok((row.people, row.banned))
}

/// How many people are on which plan.
pub(super) async fn plans(tx: &mut PgConnection) -> Result<Vec<PlanShare>, DatabaseError> {
    sqlx::query_as!(
        PlanShare,
        r#"select p.code as plan, count(s.user_id) as "people!",
                  count(s.user_id) filter (where s.dunning_state <> 'active') as "overdue!"
             from public.subscription_plans as p left join public.user_settings as s on s.plan = p.code
            group by p.code, p.position order by p.position"#
    )
    .fetch_all(tx)
    .await
}

/// What waits, and what went wrong.
pub(super) async fn work(tx: &mut PgConnection, now: OffsetDateTime) -> Result<Work, DatabaseError> {
    sqlx::query_as!(
        Work,
        r#"select due.jobs as "jobs_waiting!",
                  coalesce(extract(epoch from $1 - due.oldest), 0)::bigint as "oldest_wait_s!",
                  (select count(*) from public.jobs where state = 'dead') as "jobs_dead!",
                  (select count(*) from public.webhook_inbox where handled_at is null) as "events_waiting!",
                  (select count(*) from public.mails where state = 'queued') as "mails_waiting!",
                  (select count(*) from public.payment_findings where resolved_at is null) as "findings_open!"
             from (select count(*) as jobs, min(run_at) as oldest
                     from public.jobs where state = 'queued' and run_at <= $1) as due"#,
        now,
    )
    .fetch_one(tx)
    .await
}

/// Day by day in Tokyo, from `since` to `now`.
pub(super) async fn days(
    tx: &mut PgConnection,
    since: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Vec<Day>, DatabaseError> {
    sqlx::query_as!(
        Day,
        r#"with days as (
             select generate_series(($1::timestamptz at time zone 'Asia/Tokyo')::date,
                                    ($2::timestamptz at time zone 'Asia/Tokyo')::date, '1 day')::date as day
           ), joined as (
             select (created_at at time zone 'Asia/Tokyo')::date as day, count(*) as sign_ups
               from public.user_profiles where created_at >= $1 group by 1
           ), made as (
             select (created_at at time zone 'Asia/Tokyo')::date as day,
                    count(*) filter (where status = 'completed') as pictures,
                    count(*) filter (where status in ('failed', 'refused')) as failures
               from public.generations where created_at >= $1 group by 1
           ), money as (
             select (t.occurred_at at time zone 'Asia/Tokyo')::date as day,
                    sum(e.debit_jpy) filter (where t.kind in ('sale', 'receipt')) as taken,
                    -sum(e.debit_jpy) filter (where t.kind = 'refund') as given_back
               from public.ledger_transfers as t
               join public.ledger_entries as e on e.transfer_id = t.id
               join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'provider_clearing'
              where t.occurred_at >= $1 and t.kind in ('sale', 'receipt', 'refund') group by 1
           ), used as (
             select (created_at at time zone 'Asia/Tokyo')::date as day,
                    -sum(amount) filter (where unit = 'token') / 1000 as tokens,
                    -sum(amount) filter (where unit = 'image') as images
               from public.credit_transactions where type = 'api_usage' and created_at >= $1 group by 1
           )
           select days.day as "date!", coalesce(joined.sign_ups, 0) as "sign_ups!", coalesce(made.pictures, 0) as "pictures!",
                  coalesce(made.failures, 0) as "failures!", coalesce(money.taken, 0)::bigint as "taken!: Yen",
                  coalesce(money.given_back, 0)::bigint as "given_back!: Yen",
                  coalesce(used.tokens, 0)::bigint as "tokens_used!",
                  coalesce(used.images, 0)::bigint as "image_credits_used!"
             from days left join joined using (day) left join made using (day) left join money using (day)
                  left join used using (day)
            order by days.day"#,
        since,
        now,
    )
    .fetch_all(tx)
    .await
}
