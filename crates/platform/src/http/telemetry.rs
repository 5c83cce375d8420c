//! One log line and two metrics a request.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

use super::negotiate::RequestFacts;

/// Measures and logs a request. The route's pattern is recorded, not the path: a path may hold what is private.
pub async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let facts = request.extensions().get::<RequestFacts>().copied().unwrap_or_default();
    let response = next.run(request).await;
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    tracing::debug!(
        request_id = facts.request_id_text(),
        %method,
        route,
        status,
        elapsed_ms = elapsed.as_secs_f64() * 1_000.0,
        "a request ended"
    );
    metrics::counter!("machiya_requests_total", "route" => route.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("machiya_request_seconds", "route" => route).record(elapsed.as_secs_f64());
    response
}
