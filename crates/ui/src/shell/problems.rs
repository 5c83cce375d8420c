//! Problems as pages.

use askama::Template;
use http::StatusCode;
use platform::App;
use platform::http::Problem;

use super::request::FramedRequest;
use crate::messages::{Messages, arg};
use crate::page::Page;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    t: Messages,
    drawing: &'static str,
    title: String,
    detail: String,
    fields: Vec<String>,
    status: u16,
    number: String,
    may_retry: bool,
    /// Whether a log-in helps, and the page to come back to (already encoded for an address).
    needs_log_in: bool,
    here: String,
}

/// The page for a problem, or for a bare status where no handler said more.
pub(super) fn page(app: &App, asked: &FramedRequest, problem: Option<&Problem>, status: StatusCode) -> Page {
    let (t, facts) = (asked.messages(), asked.facts);
    let (title, detail, fields) = match problem {
        Some(problem) => {
            let body = problem.body(&app.languages, facts.locale);
            let fields = body.fields.into_iter().map(|field| field.message).collect();
            (body.title, body.detail.unwrap_or_default(), fields)
        }
        None => {
            let key = bare_key(status);
            (t.say(key), t.say_with(&format!("{key}.detail"), arg("seconds", 30)), Vec::new())
        }
    };
    let view = ProblemPage {
        t,
        drawing: drawing(status),
        title: title.clone(),
        detail,
        fields,
        status: status.as_u16(),
        number: facts.request_id_text(),
        needs_log_in: status == StatusCode::UNAUTHORIZED,
        here: asked.encoded_here(),
        may_retry: status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS,
    };
    let body = view.render().unwrap_or_else(|error| {
        // Only writing could fail, and a String takes everything; the status still says what is wrong.
        tracing::error!(%error, "the problem page cannot be rendered");
        String::new()
    });
    Page::new(title, body).status(status).private()
}

fn bare_key(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "error-malformed-request",
        StatusCode::UNAUTHORIZED => "error-unauthorized",
        StatusCode::FORBIDDEN => "error-forbidden",
        StatusCode::NOT_FOUND => "error-not-found",
        StatusCode::METHOD_NOT_ALLOWED => "error-method-not-allowed",
        StatusCode::CONFLICT => "error-conflict",
        StatusCode::GONE => "error-gone",
        StatusCode::PAYLOAD_TOO_LARGE => "error-body-too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "error-unsupported-media-type",
        StatusCode::UNPROCESSABLE_ENTITY => "error-invalid-input",
        StatusCode::TOO_MANY_REQUESTS => "error-too-many-requests",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => {
            "error-database-unavailable"
        }
        StatusCode::INTERNAL_SERVER_ERROR => "error-internal-error",
        _ => "error-unknown",
    }
}

fn drawing(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "lost",
        StatusCode::FORBIDDEN | StatusCode::GONE | StatusCode::UNAUTHORIZED | StatusCode::METHOD_NOT_ALLOWED => {
            "closed"
        }
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => "resting",
        _ => "empty-search",
    }
}
