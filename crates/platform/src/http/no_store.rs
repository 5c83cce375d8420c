//! Answers that no cache may keep.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

/// The answer with `Cache-Control: no-store`: neither the browser nor a proxy keeps it.
pub fn no_store(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// As [`no_store`], for a page whose address holds a secret: `Referrer-Policy: no-referrer` keeps the address from other
/// sites.
pub fn unlinked(answer: impl IntoResponse) -> Response {
    let mut response = no_store(answer);
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
