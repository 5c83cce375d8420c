//! Measures the whole program: public pages against a bare axum handler, settled purchases against `pgbench`, what an
//! operation costs among a million products, start and memory. Prints one JSON line for each figure; `cargo xtask bench`
//! sets ours beside the peer's.
//!
//! `cargo run --release -p machiya --example bench_app -- <empty folder> [comparisons]`

#![allow(clippy::large_futures, reason = "the futures here live once, in main")]

mod growth;
mod measurements;
mod purchases;
mod shop_front;
mod start;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use machiya::start::{DatabaseHost, Running, open};
use machiya::wiring::{self, Domains};
use platform::config::Config;
use platform::db::embedded::SUPERUSER;
use tokio::net::TcpListener;

/// What is measured together.
#[derive(Clone, Copy)]
enum Part {
    ShopFront,
    Purchases,
    Growth,
    Start,
}

impl Part {
    /// Whether a comparison belongs to this part.
    fn has(self, name: &str) -> bool {
        match self {
            Self::ShopFront => name.starts_with("gallery_") || name == "product_page",
            Self::Purchases => name == "settled_purchases",
            Self::Growth => name.starts_with("flat_"),
            Self::Start => matches!(name, "start_to_first_page" | "resident_memory"),
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().context("usage: bench_app <empty folder> [comparisons]")?;
    if folder == "serve" {
        machiya::commands::serve().await?;
        return Ok(());
    }
    let names: Vec<String> = words.collect();
    let is_wanted = |part: Part| names.is_empty() || names.iter().any(|name| part.has(name));
    let data_dir = Path::new(&folder).join("app");
    let http = inside(&data_dir, is_wanted).await?;
    if is_wanted(Part::Start) {
        start::measure(&http, &data_dir).await?;
    }
    Ok(())
}

/// Everything that is measured in this process; the platform is closed afterwards.
async fn inside(data_dir: &Path, is_wanted: impl Fn(Part) -> bool) -> Result<reqwest::Client> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let ours = format!("http://{}", listener.local_addr()?);
    let environment = BTreeMap::from(
        [
            ("MACHIYA_DATA_DIR", data_dir.display().to_string()),
            ("MACHIYA_LISTEN", listener.local_addr()?.to_string()),
            ("MACHIYA_POSTGRES_BIN", std::env::var("MACHIYA_POSTGRES_BIN").unwrap_or_default()),
            // One person buys and publishes as much here as a town does elsewhere.
            ("MACHIYA_CHECKOUTS_PER_HOUR", "1000000".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let running = open(Config::from_sources("", &environment)?).await?;
    let owner_url = owner_url(&running)?;
    let domains = Domains::open(&running)?;
    let app = running.app.clone();
    machiya::seed::demo(&app, &domains).await?;
    shop_front::serve(&app, listener, identity::wrap(&app, wiring::routes(&app, &domains)));
    if is_wanted(Part::ShopFront) {
        shop_front::measure(&app, &ours).await?;
    }
    if is_wanted(Part::Purchases) {
        purchases::measure(&app, &domains, &owner_url).await?;
    }
    if is_wanted(Part::Growth) {
        growth::measure(&app, &ours, &owner_url).await?;
    }
    app.tasks.stop(Duration::from_secs(30)).await;
    app.db.close().await;
    running.host.stop()?;
    Ok(app.http.clone())
}

fn owner_url(running: &Running) -> Result<String> {
    let DatabaseHost::Embedded(embedded) = &running.host else { bail!("no embedded database") };
    Ok(embedded.connect_url(SUPERUSER, "machiya"))
}
