//! `/healthz`, `/readyz` and `/metrics`.

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{StatusCode, header};
use kernel::SystemReason;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::App;
use crate::jobs;

/// The probes. `/healthz` says that the process lives and asks nobody; `/readyz` that it can serve: it is not stopping
/// and the database answers.
pub fn routes(metrics: PrometheusHandle) -> Router<App> {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(move |app| render(app, metrics.clone())))
}

async fn ready(State(app): State<App>) -> impl IntoResponse {
    if app.tasks.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match app.db.check().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float, and the counts are far below 2^53")]
async fn render(State(app): State<App>, metrics: PrometheusHandle) -> impl IntoResponse {
    let counted = async {
        let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
        jobs::backlog(&mut tx, app.clock.now()).await
    };
    if let Ok(backlog) = counted.await {
        metrics::gauge!("machiya_jobs_due").set(backlog.due as f64);
        metrics::gauge!("machiya_jobs_running").set(backlog.running as f64);
        metrics::gauge!("machiya_jobs_dead").set(backlog.dead as f64);
        metrics::gauge!("machiya_jobs_oldest_due_seconds").set(backlog.oldest_due_seconds as f64);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render())
}
