//! One log line and two metrics a request.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode};
use metrics::SharedString;

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
    record(&facts, &method, &route.into(), response.status(), started);
    response
}

/// Logs and counts a request that has been answered.
pub(super) fn record(facts: &RequestFacts, method: &Method, route: &SharedString, status: StatusCode, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    tracing::debug!(
        request_id = facts.request_id_text(),
        %method,
        route = &**route,
        status = status.as_u16(),
        elapsed_ms = seconds * 1_000.0,
        "a request ended"
    );
    let status = match status {
        StatusCode::OK => SharedString::const_str("200"),
        StatusCode::NOT_MODIFIED => SharedString::const_str("304"),
        other => other.as_u16().to_string().into(),
    };
    metrics::counter!("machiya_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("machiya_request_seconds", "route" => route.clone()).record(seconds);
}
