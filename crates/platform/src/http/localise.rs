//! The JSON body of problems, in the caller's language.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::negotiate::RequestFacts;
use super::problem::Problem;
use crate::app::App;

/// Gives a body to every problem that has none yet, and logs what went wrong inside.
pub async fn localise_problems(State(app): State<App>, request: Request, next: Next) -> Response {
    let facts = request.extensions().get::<RequestFacts>().copied().unwrap_or_default();
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    if let Some(source) = problem.source() {
        let request_id = facts.request_id_text();
        if problem.status() == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(
                request_id,
                path,
                code = problem.code(),
                source = format!("{source:#}"),
                "a request failed"
            );
        } else {
            tracing::warn!(request_id, path, code = problem.code(), source = format!("{source:#}"), "a request failed");
        }
    }
    if response.headers().contains_key(header::CONTENT_TYPE) {
        return response;
    }
    let mut body = problem.body(&app.languages, facts.locale);
    body.request_id = Some(facts.request_id_text());
    let text = serde_json::to_vec(&body).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, text.into())
}
