//! Forms of answers that several features share.

use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::header;
use platform::Problem;
use platform::http::{HoldsSecret, no_store, redirect_location};
use serde::{Deserialize, Serialize};

/// JSON with secrets or personal data: neither a cache nor the record of an idempotency key keeps it.
pub(crate) fn private_json(body: impl Serialize) -> Response {
    no_store((Extension(HoldsSecret), Json(body)).into_response())
}

/// A page that shows a problem, with the problem's status and its `Retry-After`.
pub(crate) fn error_page(problem: &Problem, page: Response) -> Response {
    let mut response = (problem.status(), page).into_response();
    if let Some(wait) = problem.clone().into_response().headers_mut().remove(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

/// The query or form field `next`: the page to open after a login or a confirmation.
#[derive(Deserialize)]
pub(crate) struct NextParam {
    next: Option<String>,
}

impl NextParam {
    /// A path of this site; `/` when the field is missing or leads elsewhere.
    pub(crate) fn path(&self) -> String {
        redirect_location(self.next.as_deref())
    }
}

/// `path` with the page to open afterwards as its query `next`.
pub(crate) fn with_next(path: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{path}?next={next}")
}

/// The first value of a form field; empty when it was not sent.
pub(crate) fn form_value<'a>(pairs: &'a [(String, String)], field: &str) -> &'a str {
    pairs.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value.as_str())
}
