//! Measures what the wallet costs: a hold and its capture, each in a transaction of its own as the studio does it, by as
//! many people at once as `pgbench` has clients, on a durable server of its own. Prints one JSON line for each figure;
//! `cargo xtask bench` sets ours beside the peer's.
//!
//! `cargo run --release -p credits --example bench_wallets -- <empty folder>`

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use credits::holds::{self, Actual, NewHold};
use credits::lots::{self, LotSource, NewLot};
use credits::prices::{self, Operation, Price};
use credits::{Amount, verify};
use futures::future::try_join_all;
use kernel::{Actor, Clock, Ctx, GenerationId, ImageCredits, Locale, Random, SystemReason, UserId, Yen};
use platform::db::embedded::{Embedded, EmbeddedSettings, SUPERUSER};
use platform::db::{Database, bootstrap};
use sqlx::{Connection, PgConnection};
use testkit::measurements::{median, pgbench, print};
use time::Duration;

/// People with wallets, and those of them who make something at the same time.
const PEOPLE: i32 = 1_000;
const CONCURRENCY: usize = 8;
/// Holds and captures of each in a round.
const ROUNDS_OF_ONE: usize = 250;
/// Ours and the peer's take turns this often; the median counts, so that a pause of the machine hits neither.
const ROUNDS: usize = 5;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("usage: bench_wallets <empty folder>")?;
    let mut server = Embedded::start(&EmbeddedSettings::new(Path::new(&folder)))?;
    let url = server.connect_url(SUPERUSER, "postgres");
    schema::migrate(&url).await?;
    let addresses = bootstrap::log_ins(&url, b"a secret of the benchmark, which guards nothing", 16).await?;
    let db = Database::open(&addresses)?;
    let ctx = Ctx::new(Actor::System(SystemReason::Job), Clock::System, Random::system(), Locale::En);
    let people = people(&url).await?;
    let price = supply(&db, &ctx, &people).await?;
    compare(&db, &ctx, &url, &people, &price).await?;
    let mut tx = db.begin_system(SystemReason::Verification).await?;
    let findings = verify(&mut tx).await?;
    ensure!(findings.is_empty(), "the wallets do not add up: {findings:?}");
    tx.commit().await?;
    db.close().await;
    server.stop()?;
    Ok(())
}

async fn people(owner_url: &str) -> Result<Vec<UserId>> {
    let mut owner = PgConnection::connect(owner_url).await?;
    let ids = sqlx::query_scalar(
        "with people as (select gen_random_uuid() as id, n from generate_series(1, $1) n), \
              users as (insert into auth.users (id, email, created_at, updated_at) \
                        select id, n || '@example.org', now(), now() from people returning id) \
         insert into public.user_profiles (user_id, display_name, created_at, updated_at) \
         select id, 'somebody', now(), now() from users returning user_id",
    )
    .bind(PEOPLE)
    .fetch_all(&mut owner)
    .await?;
    sqlx::query("analyze").execute(&mut owner).await?;
    Ok(ids)
}

/// Three lots of image credits for everybody, as after three months of a plan.
async fn supply(db: &Database, ctx: &Ctx, people: &[UserId]) -> Result<Price> {
    let mut tx = db.begin_system(SystemReason::Job).await?;
    for user_id in people {
        for month in 1..=3 {
            let lot = NewLot {
                user_id: *user_id,
                amount: Amount::Images(ImageCredits(100_000)),
                source: LotSource::PlanGrant,
                business_key: format!("plan_grant:{user_id}:{month}"),
                paid: Yen::ZERO,
                payment_id: None,
                expires_at: Some(ctx.now() + Duration::days(30 * month)),
                detail: serde_json::json!({}),
            };
            lots::grant(ctx, &mut tx, &lot).await?;
        }
    }
    let price = prices::quote(&mut tx, Operation::Generate, "gemini", "gemini-3-pro-image").await?;
    tx.commit().await?;
    Ok(price)
}

async fn compare(db: &Database, ctx: &Ctx, owner_url: &str, people: &[UserId], price: &Price) -> Result<()> {
    pgbench(owner_url, &["--initialize", "--quiet", "--scale", "10"])?;
    let clients = CONCURRENCY.to_string();
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let started = Instant::now();
        try_join_all((0..CONCURRENCY).map(|maker| make(db, ctx, people, price, maker))).await?;
        let took = started.elapsed();
        let tpc_b = pgbench(owner_url, &["--client", &clients, "--jobs", "2", "--time", "4", "--no-vacuum"])?;
        // The first round warms both up.
        if round > 0 {
            // A pair is two operations.
            ours.push((2 * CONCURRENCY * ROUNDS_OF_ONE) as f64 / took.as_secs_f64());
            peer.push(tpc_b.context("pgbench told no rate")?);
        }
    }
    print("wallet_operations", None, median(ours));
    print("wallet_operations", Some("pgbench TPC-B"), median(peer));
    Ok(())
}

/// One maker's round: another person's wallet each time, as `pgbench` takes another account.
async fn make(db: &Database, ctx: &Ctx, people: &[UserId], price: &Price, maker: usize) -> Result<()> {
    for step in 0..ROUNDS_OF_ONE {
        let user_id = people[(maker + step * CONCURRENCY) % people.len()];
        let generation_id: GenerationId = ctx.new_id();
        let key = format!("generation:{generation_id}");
        let hold = NewHold {
            user_id,
            business_key: key.clone(),
            operation: Operation::Generate,
            price,
            generation_id: Some(generation_id),
            expires_at: ctx.now() + Duration::hours(1),
        };
        let mut tx = db.begin_system(SystemReason::PlatformRules).await?;
        holds::hold(ctx, &mut tx, &hold).await?;
        tx.commit().await?;
        let mut tx = db.begin_system(SystemReason::Job).await?;
        holds::capture(ctx, &mut tx, &key, Actual::AsHeld).await?;
        tx.commit().await?;
    }
    Ok(())
}
