//! The origin check: an unsafe request from a browser comes from our own pages, or is refused.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header};

use super::problem::Problem;
use crate::app::App;
use crate::config::model::Config;

/// Requests below this path carry a signature instead.
const SIGNED: &str = "/api/webhooks/";

/// Refuses unsafe requests of other origins: `Sec-Fetch-Site` must say `same-origin`, else `Origin` must be exactly
/// ours. A caller that sends neither is no browser; it is let through only without cookies, because a browser that
/// hides both must not act with somebody's session.
pub async fn origin_check(State(app): State<App>, request: Request, next: Next) -> Response {
    if is_allowed(&app.config, request.method(), request.uri().path(), request.headers()) {
        next.run(request).await
    } else {
        Problem::new(StatusCode::FORBIDDEN, "foreign_origin").into_response()
    }
}

fn is_allowed(config: &Config, method: &Method, path: &str, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || path.starts_with(SIGNED) {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some("same-origin"), _) => true,
        (Some("same-site") | None, Some(origin)) => origin == config.public_url.origin().ascii_serialization(),
        (Some(_), _) => false,
        (None, None) => !headers.contains_key(header::COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_our_own_pages_may_act() -> Result<(), Box<dyn std::error::Error>> {
        let config = Config::from_sources("", &BTreeMap::new())?;
        let allowed = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
            is_allowed(&config, &Method::POST, "/api/checkout", &headers.collect())
        };
        assert!(allowed(&[("sec-fetch-site", "same-origin"), ("cookie", "a=b")]));
        assert!(allowed(&[("origin", "http://127.0.0.1:8080"), ("cookie", "a=b")]));
        assert!(allowed(&[("authorization", "Bearer x")]));
        assert!(!allowed(&[("origin", "https://evil.example")]));
        assert!(!allowed(&[("origin", "null")]));
        assert!(!allowed(&[("origin", "http://127.0.0.1:8080.evil.example")]));
        assert!(!allowed(&[("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")]));
        assert!(!allowed(&[("sec-fetch-site", "none")]));
        assert!(!allowed(&[("cookie", "a=b")]));
        Ok(())
    }
}
