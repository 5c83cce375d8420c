//! The double's HTTP side: authentication, version, idempotency, faults, then the world.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use kernel::Clock;
use serde_json::{Value, json};

use super::billing_routes::{self, Billed};
use super::faults::{self, Fault};
use super::form::{self, BadField, Form};
use super::objects::{self, Depth};
use super::world::{KeptAnswer, REFUND_FIELDS, RecordedRequest, SESSION_FIELDS, World};

#[derive(Clone)]
pub(super) struct Shared {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) clock: Clock,
    pub(super) secret_key: &'static str,
}

impl Shared {
    pub(super) fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.now().unix_timestamp()
    }
}

pub(super) fn router(shared: Shared) -> Router {
    Router::new().fallback(handle).with_state(shared)
}

struct Answer {
    status: u16,
    body: Value,
}

async fn handle(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 1024 * 1024).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let key = text(&parts.headers, "idempotency-key");
    let fault = shared.with_world(|world| {
        world.requests.push(RecordedRequest {
            method: parts.method.to_string(),
            path: path.clone(),
            query: query.clone(),
            idempotency_key: key.clone(),
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        faults::take(&mut world.faults, parts.method.as_str(), &path)
    });
    match fault {
        Some(Fault::BreakBefore) => return broken(),
        Some(Fault::RateLimited { retry_after_seconds }) => {
            let body = objects::error("invalid_request_error", "rate_limit", None, "Too many requests");
            let headers = [(header::RETRY_AFTER, retry_after_seconds.to_string())];
            return (StatusCode::TOO_MANY_REQUESTS, headers, body.to_string()).into_response();
        }
        Some(Fault::Garbage) => return (StatusCode::OK, "<html>not what you expected</html>").into_response(),
        _ => {}
    }
    let answer = refuse_strangers(&shared, &parts.headers, &parts.method, key.as_deref())
        .unwrap_or_else(|| answer(&shared, &parts.method, &path, &query, key.as_deref(), &body, fault));
    if fault == Some(Fault::BreakAfterSuccess) { broken() } else { respond(&answer) }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn respond(answer: &Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], answer.body.to_string()).into_response()
}

/// An answer whose body ends in the middle: the server closes the connection.
fn broken() -> Response {
    let torn = futures::stream::iter([Ok(Bytes::from_static(b"{\"id\":")), Err(std::io::Error::other("torn"))]);
    Response::new(Body::from_stream(torn))
}

fn refuse_strangers(shared: &Shared, headers: &HeaderMap, method: &Method, key: Option<&str>) -> Option<Answer> {
    let refuse = |status, message: &str| {
        Some(Answer { status, body: objects::error("invalid_request_error", "bad_call", None, message) })
    };
    if text(headers, "authorization").as_deref() != Some(&format!("Bearer {}", shared.secret_key)) {
        return refuse(401, "Invalid API Key provided");
    }
    if text(headers, "stripe-version").as_deref() != Some(objects::API_VERSION) {
        return refuse(400, "this double insists on the pinned Stripe-Version");
    }
    if method == Method::POST {
        if key.is_none_or(|key| key.is_empty() || key.len() > 255) {
            return refuse(400, "this double insists on an Idempotency-Key of 1 to 255 characters");
        }
        if text(headers, "content-type").as_deref() != Some("application/x-www-form-urlencoded") {
            return refuse(400, "the body must be a form");
        }
    }
    None
}

fn answer(
    shared: &Shared,
    method: &Method,
    path: &str,
    query: &str,
    key: Option<&str>,
    body: &[u8],
    fault: Option<Fault>,
) -> Answer {
    let now = shared.now();
    shared.with_world(|world| {
        if *method == Method::GET {
            return read(world, path, query);
        }
        if *method == Method::DELETE {
            let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
            let failed = matches!(fault, Some(Fault::ServerError | Fault::ServerErrorAfterSuccess));
            let done = (fault != Some(Fault::ServerError)).then(|| billing_routes::delete(world, &parts, now));
            return done.filter(|_| !failed).map_or_else(unknown_error, billed);
        }
        let form: Form = url::form_urlencoded::parse(body).into_owned().collect();
        let key = key.unwrap_or_default();
        if let Some(kept) = world.kept.get(key) {
            if kept.path != path || kept.form != form {
                let message =
                    "Keys for idempotent requests can only be used with the same parameters they were first used with.";
                return Answer { status: 400, body: objects::error("idempotency_error", "", None, message) };
            }
            return Answer { status: kept.status, body: kept.body.clone() };
        }
        let failed = unknown_error();
        let answer = match fault {
            Some(Fault::ServerError) => failed,
            Some(Fault::ServerErrorAfterSuccess) => {
                let _effect = write(world, path, body, now);
                failed
            }
            _ => write(world, path, body, now),
        };
        // Stripe does not keep the answer to a request that failed its validation.
        if answer.status < 300 || answer.status == 402 || answer.status >= 500 {
            let kept = KeptAnswer { path: path.to_owned(), form, status: answer.status, body: answer.body.clone() };
            world.kept.insert(key.to_owned(), kept);
        }
        answer
    })
}

fn unknown_error() -> Answer {
    Answer { status: 500, body: objects::error("api_error", "", None, "An unknown error occurred") }
}

fn billed(billed: Billed) -> Answer {
    match billed {
        Billed::Object(body) => Answer { status: 200, body },
        Billed::Missing(what) => missing(what),
        Billed::Bad(bad) => refused(&bad),
        Billed::Declined => {
            let mut body = objects::error("card_error", "card_declined", None, "Your card was declined.");
            body["error"]["decline_code"] = json!("insufficient_funds");
            Answer { status: 402, body }
        }
    }
}

fn refused(BadField { code, param, message }: &BadField) -> Answer {
    Answer { status: 400, body: objects::error("invalid_request_error", code, Some(param), message) }
}

fn missing(what: &str) -> Answer {
    let body = objects::error("invalid_request_error", "resource_missing", Some("id"), &format!("No such {what}"));
    Answer { status: 404, body }
}

fn read(world: &World, path: &str, query: &str) -> Answer {
    let pairs: Form = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let depth =
        if pairs.iter().any(|(name, value)| name.starts_with("expand[") && value.ends_with("balance_transaction")) {
            Depth::Whole
        } else {
            Depth::Id
        };
    let ok = |body| Answer { status: 200, body };
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    if let Some(answer) = billing_routes::read(world, &parts, &pairs) {
        return billed(answer);
    }
    match parts.as_slice() {
        ["checkout", "sessions", id] => world
            .sessions
            .get(*id)
            .map_or_else(|| missing("checkout.session"), |session| ok(objects::session(world, session, depth))),
        ["payment_intents", id] => world
            .sessions
            .values()
            .find(|session| session.payment_intent_id == *id)
            .map_or_else(|| missing("payment_intent"), |session| ok(objects::intent(world, session, depth))),
        ["refunds", id] => {
            world.refunds.get(*id).map_or_else(|| missing("refund"), |refund| ok(objects::refund(refund)))
        }
        ["refunds"] => {
            let wanted = pairs.get("payment_intent");
            let found: Vec<Value> = world
                .refunds
                .values()
                .rev()
                .filter(|refund| wanted.is_none_or(|intent| *intent == refund.payment_intent_id))
                .map(objects::refund)
                .collect();
            ok(json!({"object": "list", "data": found, "has_more": false, "url": "/v1/refunds"}))
        }
        _ => missing("path"),
    }
}

fn write(world: &mut World, path: &str, body: &[u8], now: i64) -> Answer {
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    if let Some(answer) = billing_routes::write(world, &parts, body, now) {
        return billed(answer);
    }
    let written = match parts.as_slice() {
        ["checkout", "sessions"] => form::read(body, SESSION_FIELDS)
            .and_then(|form| world.create_session(&form, now))
            .map(|session| objects::session(world, &session, Depth::Id)),
        ["checkout", "sessions", id, "expire"] => {
            let Some(expired) = form::read(body, &[]).map(|_| world.expire_session(id)).transpose() else {
                return missing("checkout.session");
            };
            expired.and_then(|expired| expired).map(|session| {
                world.record_event("checkout.session.expired", now, &session.id);
                objects::session(world, &session, Depth::Id)
            })
        }
        ["refunds"] => form::read(body, REFUND_FIELDS).and_then(|form| world.create_refund(&form, now)).map(|refund| {
            let shown = objects::refund(&refund);
            world.push_event("refund.created", now, &shown);
            if refund.status == "succeeded" {
                world.push_event("refund.updated", now, &shown);
            }
            shown
        }),
        _ => return missing("path"),
    };
    match written {
        Ok(body) => Answer { status: 200, body },
        Err(bad) => refused(&bad),
    }
}
