//! Measures settled purchases against `pgbench`, and the gallery (page and API) against a bare axum handler that returns
//! the same bytes from memory; prints one JSON line for each figure. `cargo xtask bench` sets ours beside the peer's.
//!
//! `cargo run --release -p machiya --example bench_house -- <empty folder>`

#![allow(clippy::large_futures, reason = "the futures here live once, in main")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use axum::Router;
use axum::routing::get;
use kernel::{
    Actor, Locale, OrderId, PaymentId, ProductId, Role, SessionId, Standing, SystemReason, UserActor, UserId, Yen,
};
use machiya::start::{self, Running};
use machiya::wiring::{self, Domains};
use market::checkout::{self, ReturnAddresses};
use payments::{PaymentNotice, Purpose};
use platform::config::Config;
use platform::db::embedded::SUPERUSER;
use platform::jobs::{Worker, enqueue};
use platform::{House, Problem};
use sqlx::{Connection as _, PgConnection};
use tokio::net::TcpListener;

/// Purchases in a round.
const PURCHASES: usize = 1_000;
/// Purchases settled at once, and clients of `pgbench`.
const CONCURRENCY: usize = 8;
const ROUNDS: usize = 3;
/// Connections of the load on the gallery, and how long it lasts.
const CONNECTIONS: &str = "32";
const LOAD_SECONDS: &str = "5s";

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("usage: bench_house <empty folder>")?;
    let folder = Path::new(&folder).join("house");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let environment = BTreeMap::from(
        [
            ("MACHIYA_DATA_DIR", folder.display().to_string()),
            ("MACHIYA_LISTEN", address.to_string()),
            ("MACHIYA_POSTGRES_BIN", std::env::var("MACHIYA_POSTGRES_BIN").unwrap_or_default()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let running = start::open(Config::from_sources("", &environment)?).await?;
    let domains = Domains::open(&running)?;
    let house = running.house.clone();
    machiya::seed::demo(&house, &domains).await?;
    gallery(&house, &domains, listener).await?;
    purchases(&running, &domains).await?;
    house.tasks.stop(Duration::from_secs(30)).await;
    house.db.close().await;
    running.host.stop()?;
    Ok(())
}

async fn gallery(house: &House, domains: &Domains, listener: TcpListener) -> Result<()> {
    let ours = format!("http://{}", listener.local_addr()?);
    let service = identity::wrap(house, wiring::routes(house, domains));
    serve(house, listener, service);
    for (name, path) in [("gallery_page", "/gallery"), ("gallery_api", "/api/gallery/public")] {
        let accept = if name == "gallery_page" { "text/html" } else { "application/json" };
        let request = house.http.get(format!("{ours}{path}")).header("accept", accept);
        let answer = request.send().await?.error_for_status()?;
        let content_type = answer.headers()["content-type"].clone();
        let bytes = answer.bytes().await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let bare = format!("http://{}", listener.local_addr()?);
        let copy = bytes.clone();
        let handler = get(move || {
            let answer = ([(http::header::CONTENT_TYPE, content_type.clone())], copy.clone());
            async move { answer }
        });
        serve(house, listener, Router::new().route(path, handler));
        let (mut own, mut peer) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let (a, b) = (load(&format!("{ours}{path}"), accept).await?, load(&format!("{bare}{path}"), accept).await?);
            // The first round warms both up.
            if round > 0 {
                own.push(a);
                peer.push(b);
            }
        }
        print(name, None, median(own));
        print(name, Some("a bare axum handler"), median(peer));
    }
    Ok(())
}

fn serve(house: &House, listener: TcpListener, router: Router) {
    let stopping = house.tasks.clone();
    house.tasks.spawn(async move {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let stop = async move { stopping.stopping().await };
        if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stop).await {
            tracing::error!(%error, "the server ended");
        }
    });
}

/// Requests per second by `wrk`, from one thread of a process of its own.
async fn load(url: &str, accept: &str) -> Result<f64> {
    let header = format!("accept: {accept}");
    let output = tokio::process::Command::new("wrk")
        .args(["-t", "1", "-c", CONNECTIONS, "-d", LOAD_SECONDS, "-H", &header, url])
        .output()
        .await
        .context("wrk is missing: apt-get install wrk")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success() && !text.contains("Non-2xx"), "wrk on {url}: {text}");
    let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:")?.trim().parse().ok());
    rate.with_context(|| format!("wrk told no rate: {text}"))
}

/// From "the money is there" to the order paid, the sale on the ledger, the entitlement, the licence and the mails.
async fn purchases(running: &Running, domains: &Domains) -> Result<()> {
    let start::DatabaseHost::Embedded(embedded) = &running.host else { return Err(anyhow!("no embedded database")) };
    let owner_url = embedded.connect_url(SUPERUSER, "machiya");
    let mut owner = PgConnection::connect(&owner_url).await?;
    pgbench(&owner_url, &["--initialize", "--quiet", "--scale", "10"])?;
    let house = &running.house;
    let product: (ProductId, i64) = sqlx::query_as(
        "select p.id, p.price_yen from products p join design_terms t on t.product_id = p.id \
         where t.license_type = 'non-exclusive' and t.max_sales is null and p.price_yen > 0 limit 1",
    )
    .fetch_one(&mut owner)
    .await?;
    let registry = wiring::work(house, domains)?;
    house.tasks.spawn(Worker::new(house.clone(), registry, CONCURRENCY).run());
    let clients = CONCURRENCY.to_string();
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let mut orders = Vec::with_capacity(PURCHASES);
        for _ in 0..PURCHASES {
            orders.push(order(house, domains, &mut owner, product.0).await?);
        }
        settle_later(house, &mut owner, &orders, Yen(product.1)).await?;
        let started = Instant::now();
        while open_orders(&mut owner).await? > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let took = started.elapsed();
        // The deliveries that follow are not part of the settlement, and must not run beside pgbench.
        while open_jobs(&mut owner).await? > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let tpc_b = pgbench(&owner_url, &["--client", &clients, "--jobs", "2", "--time", "5", "--no-vacuum"])?;
        if round > 0 {
            ours.push(f64::from(u32::try_from(PURCHASES)?) / took.as_secs_f64());
            peer.push(tpc_b.context("pgbench told no rate")?);
        }
    }
    print("settled_purchases", None, median(ours));
    print("settled_purchases", Some("pgbench TPC-B"), median(peer));
    Ok(())
}

/// One order of one buyer, waiting for its money.
async fn order(
    house: &House,
    domains: &Domains,
    owner: &mut PgConnection,
    product: ProductId,
) -> Result<(OrderId, PaymentId, UserId)> {
    let ctx = house.system_ctx(SystemReason::Seed);
    let user_id: UserId = ctx.new_id();
    sqlx::query(
        "with made as (insert into auth.users (id, email, created_at, updated_at) \
                       values ($1, $1::text || '@example.org', now(), now()) returning id) \
         insert into user_profiles (user_id, display_name, created_at, updated_at) \
         select id, 'somebody', now(), now() from made",
    )
    .bind(user_id)
    .execute(owner)
    .await?;
    let buyer = UserActor {
        user_id,
        session_id: ctx.new_id::<SessionId>(),
        role: Role::User,
        standing: Standing::Good,
        display_name: "somebody".to_owned(),
    };
    let ctx = house.ctx(Actor::User(buyer.clone()), Locale::Ja);
    let placed = checkout::place_order(&domains.market, &ctx, &buyer, product, None, &ReturnAddresses::default())
        .await
        .map_err(|fault| anyhow!("{}", Problem::from(fault).code()))?;
    Ok((placed.order_id, placed.payment_id.context("a priced order has a payment")?, user_id))
}

/// The money of every order is there, and the news of it is committed at once.
async fn settle_later(
    house: &House,
    owner: &mut PgConnection,
    orders: &[(OrderId, PaymentId, UserId)],
    price: Yen,
) -> Result<()> {
    sqlx::query("update payments set status = 'captured', captured_at = now() where status = 'pending'")
        .execute(owner)
        .await?;
    let ctx = house.system_ctx(SystemReason::Seed);
    let mut tx = house.db.begin_system(SystemReason::Seed).await?;
    for (order_id, payment_id, buyer_id) in orders {
        let notice = PaymentNotice {
            purpose: Purpose::Order,
            reference_id: order_id.uuid(),
            payment_id: *payment_id,
            amount_yen: price,
            refunded_yen: Yen::ZERO,
            provider: "sandbox".to_owned(),
            buyer_id: Some(*buyer_id),
        };
        enqueue(&ctx, &mut tx, &market::SettleOrder(notice)).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn open_orders(owner: &mut PgConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from orders where status = 'pending'").fetch_one(owner).await?)
}

async fn open_jobs(owner: &mut PgConnection) -> Result<i64> {
    let open = "select count(*) from jobs where state in ('queued', 'running') and run_at <= now()";
    Ok(sqlx::query_scalar(open).fetch_one(owner).await?)
}

/// Runs `pgbench` and returns its rate in transactions per second.
fn pgbench(url: &str, arguments: &[&str]) -> Result<Option<f64>> {
    let output = Command::new("pgbench").args(arguments).arg(url).output().context("pgbench is missing")?;
    ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok()))
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[expect(clippy::print_stdout, reason = "printing the figures is what this program is for")]
fn print(name: &str, peer: Option<&str>, per_second: f64) {
    println!("{}", serde_json::json!({ "name": name, "peer": peer, "perSecond": per_second.round() }));
}
