//! Settled purchases, against TPC-B of `pgbench` on the same database.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use kernel::{
    AccountStatus, Actor, Locale, OrderId, PaymentId, ProductId, Role, SessionId, SystemReason, UserActor, UserId, Yen,
};
use machiya::wiring::{self, Domains};
use orders::checkout::{self, PurchaseRequest, ReturnAddresses};
use payments::providers::ProviderCode;
use payments::{PaymentNotice, Purpose};
use platform::jobs::{Worker, enqueue};
use platform::{App, Problem};
use sqlx::{Connection as _, PgConnection};
use testkit::measurements::{median, pgbench, print};

use super::measurements::ROUNDS;

/// Purchases in a round.
const PURCHASES: usize = 1_000;
/// Purchases settled at once, and clients of `pgbench`.
const CONCURRENCY: usize = 8;
/// The purchases are spread over this many sellers with a product each, as those of TPC-B at scale 10 over ten branches:
/// both have a balance that every transaction of one seller or branch waits for.
const SELLERS: i64 = 10;

/// From "the money is there" to the order paid, the sale on the ledger, the entitlement, the licence and the mails.
pub(super) async fn measure(app: &App, domains: &Domains, owner_url: &str) -> Result<()> {
    let mut owner = PgConnection::connect(owner_url).await?;
    pgbench(owner_url, &["--initialize", "--quiet", "--scale", "10"])?;
    let products: Vec<(ProductId, i64)> = sqlx::query_as(
        "select p.id, p.price_yen from products p join design_terms t on t.product_id = p.id \
         where p.listed and t.license_type = 'non-exclusive' and t.max_sales is null and p.price_yen > 0 \
         order by p.id limit $1",
    )
    .bind(SELLERS)
    .fetch_all(&mut owner)
    .await?;
    give_to_sellers(&mut owner, &products).await?;
    let registry = wiring::work(app, domains)?;
    app.tasks.spawn(Worker::new(app.clone(), registry, CONCURRENCY).run());
    let clients = CONCURRENCY.to_string();
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let mut orders = Vec::with_capacity(PURCHASES);
        for (product, price_yen) in products.iter().cycle().take(PURCHASES) {
            orders.push(order(app, domains, &mut owner, *product, Yen(*price_yen)).await?);
        }
        settle_later(app, &mut owner, &orders).await?;
        let started = Instant::now();
        while open_orders(&mut owner).await? > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let took = started.elapsed();
        // The deliveries that follow are not part of the settlement, and must not run beside pgbench.
        while open_jobs(&mut owner).await? > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let tpc_b = pgbench(owner_url, &["--client", &clients, "--jobs", "2", "--time", "5", "--no-vacuum"])?;
        if round > 0 {
            ours.push(f64::from(u32::try_from(PURCHASES)?) / took.as_secs_f64());
            peer.push(tpc_b.context("pgbench told no rate")?);
        }
    }
    print("settled_purchases", None, median(ours));
    print("settled_purchases", Some("pgbench TPC-B"), median(peer));
    Ok(())
}

/// Gives each product to a seller of its own; the demo's belong to one.
async fn give_to_sellers(owner: &mut PgConnection, products: &[(ProductId, i64)]) -> Result<()> {
    let ids: Vec<uuid::Uuid> = products.iter().map(|(id, _)| id.uuid()).collect();
    // What a product refers to and what refers to it change together, which no single statement could do in order.
    sqlx::raw_sql("set session_replication_role = replica").execute(&mut *owner).await?;
    for statement in [
        "insert into auth.users (id, email, created_at, updated_at) \
         select id, id::text || '@example.org', now(), now() from unnest($1::uuid[]) as seller (id)",
        "insert into user_profiles (user_id, display_name, created_at, updated_at) \
         select id, 'somebody', now(), now() from unnest($1::uuid[]) as seller (id)",
        // The seller's id is the product's: any id that is nobody else's will do.
        "update products set seller_id = id where id = any($1)",
        "update product_versions set seller_id = product_id where product_id = any($1)",
    ] {
        sqlx::query(statement).bind(&ids).execute(&mut *owner).await?;
    }
    sqlx::raw_sql("set session_replication_role = default").execute(owner).await?;
    Ok(())
}

/// One order of one buyer, waiting for its money.
async fn order(
    app: &App,
    domains: &Domains,
    owner: &mut PgConnection,
    product: ProductId,
    price: Yen,
) -> Result<(OrderId, PaymentId, UserId, Yen)> {
    let ctx = app.system_ctx(SystemReason::Seed);
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
        status: AccountStatus::Active,
        display_name: "somebody".to_owned(),
    };
    let ctx = app.ctx(Actor::User(buyer.clone()), Locale::Ja);
    let request = PurchaseRequest { product_id: product, shown_price: None };
    let placed = checkout::place_order(&domains.orders, &ctx, &buyer, request, &ReturnAddresses::default())
        .await
        .map_err(|fault| anyhow!("{}", Problem::from(fault).code()))?;
    Ok((placed.order_id, placed.payment_id.context("a priced order has a payment")?, user_id, price))
}

/// The money of every order is there, and the news of it is committed at once.
async fn settle_later(app: &App, owner: &mut PgConnection, orders: &[(OrderId, PaymentId, UserId, Yen)]) -> Result<()> {
    sqlx::raw_sql(
        "update payments set status = 'captured', captured_at = now() where status = 'pending';
         update payment_attempts set state = 'captured', captured_at = now(), captured_jpy = amount_jpy
          where state = 'opening'",
    )
    .execute(owner)
    .await?;
    let ctx = app.system_ctx(SystemReason::Seed);
    let mut tx = app.db.begin_system(SystemReason::Seed).await?;
    for (order_id, payment_id, buyer_id, price) in orders {
        let notice = PaymentNotice {
            purpose: Purpose::Order,
            reference_id: order_id.uuid(),
            payment_id: *payment_id,
            amount_yen: *price,
            provider: ProviderCode::Sandbox,
            buyer_id: Some(*buyer_id),
        };
        enqueue(&ctx, &mut tx, &orders::SettleOrder(notice)).await?;
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
