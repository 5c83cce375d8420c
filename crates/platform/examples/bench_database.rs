//! Measures a transaction under row level security and the queue against the bare database, on a durable server of its
//! own, and prints one JSON line for each figure; `cargo xtask bench` sets ours beside the peer's.
//!
//! `cargo run --release -p platform --example bench_database -- <empty folder>`

use anyhow::{Context, Result, ensure};
use kernel::{AccountStatus, Actor, Clock, Locale, Random, Role, SystemReason, UserActor};
use platform::config::Config;
use platform::db::embedded::{Embedded, EmbeddedSettings, SUPERUSER};
use platform::db::{Database, bootstrap};
use platform::i18n::Languages;
use platform::jobs::{Job, JobError, JobRun, ProgressFeed, Registry, Worker, backlog, enqueue};
use platform::storage::{LinkSigner, Storage};
use platform::tasks::Tasks;
use platform::{App, AppParts};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};
use testkit::measurements::{median, pgbench, print};

const PEOPLE: i32 = 10_000;
const LOOKUPS: u32 = 4_000;
const JOBS: u32 = 4_000;
/// Attempts at once, and clients of `pgbench`.
const CONCURRENCY: u32 = 8;
/// Ours and the peer's take turns this often; the median counts, so that a pause of the machine hits neither.
const ROUNDS: usize = 5;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("usage: bench_database <empty folder>")?;
    let folder = Path::new(&folder);
    let mut server = Embedded::start(&EmbeddedSettings::new(folder))?;
    let url = server.connect_url(SUPERUSER, "postgres");
    schema::migrate(&url).await?;
    let app = app(folder, &url).await?;
    transactions(&app, &url).await?;
    queue(&app, &url).await?;
    app.db.close().await;
    server.stop()?;
    Ok(())
}

async fn app(folder: &Path, owner_url: &str) -> Result<App> {
    let secret = b"a secret of the benchmark, which guards nothing";
    let addresses = bootstrap::log_ins(owner_url, secret, CONCURRENCY * 2).await?;
    let environment = BTreeMap::from([("MACHIYA_DATA_DIR".to_owned(), folder.display().to_string())]);
    Ok(App::new(AppParts {
        config: Config::from_sources("", &environment)?,
        db: Database::open(&addresses)?,
        storage: Storage::folder(&folder.join("files"), LinkSigner::new(secret))?,
        clock: Clock::System,
        random: Random::system(),
        languages: Languages::empty(),
        tasks: Tasks::default(),
        progress: ProgressFeed::default(),
        http: platform::provider_client()?,
    }))
}

/// One prepared select by key: alone as the owner, and in a transaction with an actor under row level security.
async fn transactions(app: &App, owner_url: &str) -> Result<()> {
    let mut owner = PgConnection::connect(owner_url).await?;
    sqlx::query(
        "with people as (select gen_random_uuid() as id, n from generate_series(1, $1) n), \
              users as (insert into auth.users (id, email, created_at, updated_at) \
                        select id, n || '@example.org', now(), now() from people returning id) \
         insert into public.user_profiles (user_id, display_name, created_at, updated_at) \
         select id, 'somebody', now(), now() from users",
    )
    .bind(PEOPLE)
    .execute(&mut owner)
    .await?;
    sqlx::query("analyze").execute(&mut owner).await?;
    let ids: Vec<uuid::Uuid> =
        sqlx::query_scalar("select user_id from public.user_profiles").fetch_all(&mut owner).await?;

    let lookup = "select display_name from public.user_profiles where user_id = $1";
    let person = Actor::User(UserActor {
        user_id: ids[0].into(),
        session_id: ids[0].into(),
        role: Role::User,
        status: AccountStatus::Active,
        display_name: "somebody".to_owned(),
    });
    let ctx = app.ctx(person, Locale::Ja);
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let started = Instant::now();
        for id in ids.iter().cycle().take(LOOKUPS as usize) {
            let _: String = sqlx::query_scalar(lookup).bind(id).fetch_one(&mut owner).await?;
        }
        let plain_took = started.elapsed();
        let started = Instant::now();
        for id in ids.iter().cycle().take(LOOKUPS as usize) {
            let mut tx = app.db.begin_as(&ctx).await?;
            let _: String = sqlx::query_scalar(lookup).bind(id).fetch_one(tx.conn()).await?;
            tx.commit().await?;
        }
        // The first round warms both up.
        if round > 0 {
            plain.push(f64::from(LOOKUPS) / plain_took.as_secs_f64());
            ours.push(f64::from(LOOKUPS) / started.elapsed().as_secs_f64());
        }
    }
    print("rls_transaction", None, median(ours));
    print("rls_transaction", Some("plain prepared select"), median(plain));
    Ok(())
}

/// Work that does nothing but end.
#[derive(Serialize, Deserialize)]
struct Nothing;

impl Job for Nothing {
    const NAME: &'static str = "bench.do_nothing";
}

async fn do_nothing(run: JobRun<Nothing>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    run.finish(&mut tx, &()).await?;
    tx.commit().await?;
    Ok(())
}

/// Claiming and completing jobs, against TPC-B of `pgbench` with as many clients on the same server.
async fn queue(app: &App, owner_url: &str) -> Result<()> {
    pgbench(owner_url, &["--initialize", "--quiet", "--scale", "10"])?;
    let registry = Registry::new().on::<Nothing, _, _>(do_nothing);
    let worker = Worker::new(app.clone(), registry, CONCURRENCY as usize);
    let waiting = work_for_the_queue(app).await?;
    ensure!(waiting == i64::from(JOBS), "{waiting} jobs wait instead of {JOBS}");
    let clients = CONCURRENCY.to_string();
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    app.tasks.spawn(worker.run());
    for round in 0..=ROUNDS {
        let started = Instant::now();
        if round > 0 {
            work_for_the_queue(app).await?;
        }
        let enqueued = started.elapsed();
        wait_for_the_queue(app).await?;
        let took = started.elapsed();
        let tpc_b = pgbench(owner_url, &["--client", &clients, "--jobs", "2", "--time", "4", "--no-vacuum"])?;
        if round > 0 {
            // The jobs become visible all at once, with the commit that ends the enqueueing.
            ours.push(f64::from(JOBS) / (took - enqueued).as_secs_f64());
            peer.push(tpc_b.context("pgbench told no rate")?);
        }
    }
    app.tasks.begin_stop();
    print("queue_claim_and_complete", None, median(ours));
    print("queue_claim_and_complete", Some("pgbench TPC-B"), median(peer));
    Ok(())
}

async fn work_for_the_queue(app: &App) -> Result<i64> {
    let ctx = app.system_ctx(SystemReason::Maintenance);
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    for _ in 0..JOBS {
        enqueue(&ctx, &mut tx, &Nothing).await?;
    }
    tx.commit().await?;
    open_jobs(app).await
}

async fn wait_for_the_queue(app: &App) -> Result<()> {
    while open_jobs(app).await? > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

async fn open_jobs(app: &App) -> Result<i64> {
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    let seen = backlog(&mut tx, app.clock.now()).await?;
    tx.rollback().await?;
    Ok(seen.due + seen.running)
}
