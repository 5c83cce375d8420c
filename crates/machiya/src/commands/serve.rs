//! `machiya serve` and `machiya worker`, and their orderly end.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use platform::App;
use platform::config::Config;
use platform::http::probe_routes;
use platform::jobs::{self, Worker};
use platform::telemetry;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::output::say;
use crate::start::database::DatabaseHost;
use crate::start::{self, Running};
use crate::wiring::{self, Domains};

/// How long requests and jobs may take to end after the program was told to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves until told to stop (`SIGTERM`, Ctrl-C): first `/readyz` says 503, then no request is accepted, running ones and
/// jobs end, and the embedded database stops last.
///
/// # Errors
/// When it cannot start.
pub async fn serve() -> Result<ExitCode> {
    let config = Config::load()?;
    telemetry::start_logs(&config.log);
    let metrics = telemetry::start_metrics();
    // The address first: two programs on one address is the commonest mistake, and the cheapest to tell.
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}; set MACHIYA_LISTEN to another address", config.listen))?;
    let running = start::open(config).await?;
    if matches!(running.host, DatabaseHost::Neighbour) {
        bail!("another machiya serves from the data folder {}", running.app.config.data_dir.display());
    }
    let domains = Domains::open(&running)?;
    let app = running.app.clone();
    if app.config.seed_demo {
        crate::seed::demo(&app, &domains).await.context("the demo could not be made")?;
    }
    stop_on_signal(&app)?;
    jobs::follow_changes(&app);
    app.response_cache().follow(&app.db, &app.tasks, catalog::gallery::CHANNEL);
    if app.config.worker_concurrency > 0 {
        let worker = Worker::new(app.clone(), wiring::work(&app, &domains)?, app.config.worker_concurrency);
        app.tasks.spawn(worker.run());
    }
    app.tasks.spawn(catalog::views::keep_counting(domains.catalog.clone()));
    let routes = wiring::routes(&app, &domains).merge(probe_routes(metrics));
    let service = identity::wrap(&app, routes).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = app.tasks.clone();
    for warning in app.config.warnings() {
        tracing::warn!("{warning}");
    }
    greet(&app);
    let served = axum::serve(listener, service).with_graceful_shutdown(async move { stopping.stopping().await });
    let deadline = app.tasks.clone();
    tokio::select! {
        ended = served => ended.context("the server ended")?,
        () = async move { deadline.stopping().await; tokio::time::sleep(PATIENCE).await } => {
            tracing::warn!("some requests did not end in time");
        }
    }
    close(running).await
}

/// Runs queued work only.
///
/// # Errors
/// When it cannot start, or the database is the embedded one, which belongs to `serve`.
pub async fn worker() -> Result<ExitCode> {
    let config = Config::load()?;
    telemetry::start_logs(&config.log);
    if config.database.url.is_none() {
        bail!(
            "a worker needs a database of its own (DATABASE_URL); with the embedded one, `machiya serve` works itself"
        );
    }
    let running = start::open(config).await?;
    let domains = Domains::open(&running)?;
    let app = running.app.clone();
    stop_on_signal(&app)?;
    let concurrency = app.config.worker_concurrency.max(1);
    say(&format!("machiya works, {concurrency} jobs at once"));
    app.tasks.spawn(Worker::new(app.clone(), wiring::work(&app, &domains)?, concurrency).run());
    app.tasks.stopping().await;
    close(running).await
}

fn stop_on_signal(app: &App) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let tasks = app.tasks.clone();
    app.tasks.spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = tasks.stopping() => {}
        }
        tracing::info!("stopping");
        tasks.begin_stop();
    });
    Ok(())
}

async fn close(running: Running) -> Result<ExitCode> {
    let in_time = running.app.tasks.stop(PATIENCE).await;
    if !in_time {
        tracing::warn!("some work did not end in time; its leases will expire and it will be done again");
    }
    running.app.db.close().await;
    running.host.stop()?;
    Ok(ExitCode::SUCCESS)
}

fn greet(app: &App) {
    let config = &app.config;
    say("");
    say(&format!("  Machiya is open:  {}", config.public_url.as_str().trim_end_matches('/')));
    if config.seed_demo {
        say("");
        say("  Demo log-ins (password for all three: machiya-demo-2026)");
        for person in crate::seed::PEOPLE {
            say(&format!("    {:<9} {}", person.part, person.email));
        }
        say("");
        say(&format!("  Mail that would be sent: {}", config.absolute_url("/dev/mail")));
    }
    say("");
}
