//! A million rows: the statements that run all the time find theirs by an index. Run on demand, with
//! `cargo nextest run -p platform measurements --run-ignored all --no-capture`.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use testkit::cluster::fresh_database;

/// The plan of a statement with its times, after a first run that warms the cache; undone afterwards.
async fn explain(owner: &mut PgConnection, what: &str, statement: &str) -> (String, f64) {
    let mut plan = String::new();
    let mut time_ms = 0.0;
    for _ in 0..3 {
        sqlx::raw_sql("begin").execute(&mut *owner).await.unwrap();
        let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("explain (analyze, buffers) {statement}")))
            .fetch_all(&mut *owner)
            .await
            .unwrap();
        sqlx::raw_sql("rollback").execute(&mut *owner).await.unwrap();
        plan = lines.join("\n");
        let time = lines.iter().find_map(|line| line.strip_prefix("Execution Time: ")).unwrap();
        time_ms = time.trim_end_matches(" ms").parse().unwrap();
    }
    println!("{what}: {time_ms} ms\n{plan}\n");
    (plan, time_ms)
}

const CLAIM: &str = "with recursive levels (priority) as (
    (select priority from public.jobs where state = 'queued' order by priority desc limit 1)
    union all
    select (select j.priority from public.jobs j where j.state = 'queued' and j.priority < l.priority
            order by j.priority desc limit 1)
    from levels l where l.priority is not null
  ), due as materialized (
    select found.id from levels l cross join lateral (
      select id from public.jobs
      where state = 'queued' and priority = l.priority and run_at <= '2026-11-20T03:00:00Z'
        and name = any('{a.one,a.two,a.three}')
      order by run_at, id limit 4 for update skip locked
    ) as found
    limit 4
  )
  update public.jobs j
  set state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(), lease_session = 7
  from due where j.id = due.id returning j.id";

fn fill_jobs(state: &str, run_at: &str) -> String {
    format!(
        "insert into public.jobs (id, name, payload, priority, state, max_attempts, run_at, request_id, created_at, updated_at, finished_at)
         select gen_random_uuid(), (array['a.one', 'a.two', 'a.three'])[1 + i % 3], '{{}}', i % 3 - 1, '{state}', 8,
                {run_at}, gen_random_uuid(), '2026-11-19T03:00:00Z', '2026-11-19T03:00:00Z',
                case when '{state}' = 'queued' then null else '2026-11-19T03:00:00Z'::timestamptz end
           from generate_series(1, 1000000) as i"
    )
}

async fn owner_of_jobs(state: &str, run_at: &str) -> PgConnection {
    let database = fresh_database().await;
    let mut owner = PgConnection::connect(database.superuser_url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(fill_jobs(state, run_at))).execute(&mut owner).await.unwrap();
    sqlx::raw_sql("vacuum analyze public.jobs").execute(&mut owner).await.unwrap();
    owner
}

#[tokio::test]
#[ignore = "a measurement over a million rows, run on demand"]
async fn a_claim_among_a_million_due_jobs() {
    let mut owner = owner_of_jobs("queued", "'2026-11-19T03:00:00Z'::timestamptz + i * interval '1 ms'").await;
    let (plan, time_ms) = explain(&mut owner, "claim, a million due", CLAIM).await;
    assert!(plan.contains("jobs_claim_index") && time_ms < 10.0);
}

#[tokio::test]
#[ignore = "a measurement over a million rows, run on demand"]
async fn a_claim_among_a_million_jobs_of_tomorrow() {
    let mut owner = owner_of_jobs("queued", "'2026-11-21T03:00:00Z'::timestamptz + i * interval '1 ms'").await;
    let (plan, time_ms) = explain(&mut owner, "claim, a million waiting for tomorrow", CLAIM).await;
    assert!(plan.contains("jobs_claim_index") && time_ms < 10.0);
    // Not one row of tomorrow is read, neither to be dropped afterwards nor by a walk through the table.
    let removed = plan.lines().filter(|line| line.contains("Removed by") && !line.ends_with(": 0")).count();
    assert_eq!((removed, plan.contains("Seq Scan")), (0, false), "{plan}");
}

#[tokio::test]
#[ignore = "a measurement over a million rows, run on demand"]
async fn a_claim_and_the_upkeep_among_a_million_ended_jobs() {
    let mut owner = owner_of_jobs("succeeded", "'2026-11-19T03:00:00Z'::timestamptz").await;
    let (plan, time_ms) = explain(&mut owner, "claim, a million ended", CLAIM).await;
    assert!(plan.contains("jobs_claim_index") && time_ms < 10.0);
    let abandoned = "with sessions as materialized (
                       select lease_session as key from public.jobs where state = 'running' union select 7)
                     select key from sessions where pg_try_advisory_xact_lock_shared(key)";
    let (plan, time_ms) = explain(&mut owner, "dead workers", abandoned).await;
    assert!(!plan.contains("Seq Scan") && time_ms < 10.0);
    let counts = "select (select count(*) from public.jobs where state = 'queued' and run_at <= '2026-11-20T03:00:00Z'),
                         (select count(*) from public.jobs where state = 'running'), (select count(*) from public.jobs where state = 'dead')";
    let (_, time_ms) = explain(&mut owner, "what /metrics counts", counts).await;
    assert!(time_ms < 20.0);
    let sweep = "delete from public.jobs where id in (select id from public.jobs
                   where finished_at < '2026-11-18T03:00:00Z' and state in ('succeeded', 'failed', 'cancelled') limit 5000)";
    let (plan, time_ms) = explain(&mut owner, "the sweep, nothing to do", sweep).await;
    assert!(!plan.contains("Seq Scan") && time_ms < 10.0);
}

#[tokio::test]
#[ignore = "a measurement over a million rows, run on demand"]
async fn an_answer_among_a_million() {
    let database = fresh_database().await;
    let mut owner = PgConnection::connect(database.superuser_url()).await.unwrap();
    sqlx::raw_sql(
        "insert into public.idempotency_keys (owner_id, scope, key, request_hash, status, body, created_at)
         select ('00000000-0000-0000-0000-' || lpad(to_hex(i % 10000), 12, '0'))::uuid, 'POST /api/checkout', i::text, '\\x00', 200, '{}',
                '2026-11-20T03:00:00Z'::timestamptz + i * interval '1 ms'
           from generate_series(1, 1000000) as i",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    sqlx::raw_sql("vacuum analyze public.idempotency_keys").execute(&mut owner).await.unwrap();
    let mine = "'00000000-0000-0000-0000-000000000007'";
    let find = format!(
        "select status, body from public.idempotency_keys where owner_id = {mine} and scope = 'POST /api/checkout' and key = '10007'"
    );
    let (plan, time_ms) = explain(&mut owner, "find an answer", &find).await;
    assert!(plan.contains("idempotency_keys_pkey") && time_ms < 5.0);
    let reserve = format!(
        "insert into public.idempotency_keys as k (owner_id, scope, key, request_hash, created_at)
         values ({mine}, 'POST /api/checkout', 'new', '\\x00', '2026-11-20T04:00:00Z') on conflict (owner_id, scope, key) do update
           set status = null where k.created_at < '2026-11-19T03:00:00Z'"
    );
    let (_, time_ms) = explain(&mut owner, "reserve a key", &reserve).await;
    assert!(time_ms < 5.0);
    let sweep = "delete from public.idempotency_keys where (owner_id, scope, key) in (
                   select owner_id, scope, key from public.idempotency_keys where created_at < '2026-11-20T03:00:05Z' order by created_at limit 5000)";
    let (plan, _) = explain(&mut owner, "sweep 5,000 answers", sweep).await;
    assert!(plan.contains("idempotency_keys_created_index"));
}
