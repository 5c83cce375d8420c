//! `Idempotency-Key`: a repeated request has its effect once and gets the same answer.

use std::panic::AssertUnwindSafe;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use http::{HeaderValue, Method, StatusCode, header};
use kernel::limits::BODY_BYTES_MAX;
use kernel::{Actor, SystemReason, UserId};
use sha2::{Digest as _, Sha256};
use time::Duration;
use tokio::sync::oneshot;

use super::problem::Problem;
use crate::app::App;
use crate::db::error::DatabaseError;
use crate::idempotency::model::Reservation;
use crate::idempotency::queries;
use crate::idempotency::reservation::run_with;

/// An answer at most, to be remembered.
const ANSWER_BYTES_MAX: usize = 4 * BODY_BYTES_MAX;

/// Serves `POST`, `PUT`, `PATCH` and `DELETE` below `/api/` that carry the header, for people who are logged in.
///
/// The first request reserves the key, and its answer is stored when it went well. The same key with another request is
/// 422, a second one while the first runs is 409 `request_in_progress`. A request with a key is worked at to its end
/// even when its caller hangs up: that caller will come back with the same key and wants the answer.
///
/// The key never makes an effect twice, wherever a process is killed or a connection lost. The answer is not known yet
/// when the effect is committed, so it cannot be stored with it; but every transaction of the platform that writes something
/// for the request marks the key in that same transaction ([`crate::Tx::commit`]). A request that ended badly, or never
/// ended, therefore frees its key only when nothing was committed. Otherwise the same key is answered with 409
/// `idempotency_in_doubt`: the caller looks at what is there, and asks anew with another key. Where asking again finds what
/// was done and uses it, the use case says so ([`crate::Tx::commit_repeatable`]), and its failures free the key. A
/// request that was taken for dead and still lives cannot commit any more once another one holds its key.
pub async fn idempotency(State(app): State<App>, request: Request, next: Next) -> Response {
    let user_id = request.extensions().get::<Actor>().and_then(Actor::user_id);
    let key = request.headers().get("idempotency-key").cloned();
    let unsafe_method = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE);
    match (user_id, key) {
        (Some(user_id), Some(key)) if unsafe_method && request.uri().path().starts_with("/api/") => {
            once(&app, user_id, &key, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn once(
    app: &App,
    user_id: UserId,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    let key = key.ok_or_else(|| Problem::invalid_field("Idempotency-Key", "wrong_type"))?.to_owned();
    let scope = format!("{} {}", request.method(), request.uri().path());
    let (parts, body) = request.into_parts();
    let too_large = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
    let body = to_bytes(body, BODY_BYTES_MAX).await.map_err(too_large)?;
    let query = parts.uri.query().unwrap_or_default();
    let hash = Sha256::new().chain_update(query).chain_update([0]).chain_update(&body).finalize().to_vec();
    let reservation = Reservation { owner_id: user_id, scope, key, reserved_at: app.clock.now() };

    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let is_reserved = queries::reserve(&mut tx, &reservation, &hash).await?;
    let seen = if is_reserved { None } else { queries::find(&mut tx, &reservation).await? };
    tx.commit().await?;
    if !is_reserved {
        return answer_again(seen, &hash);
    }

    let (answer, answered) = oneshot::channel();
    let (app_of_task, request) = (app.clone(), Request::from_parts(parts, Body::from(body)));
    app.tasks.spawn(async move {
        let response = AssertUnwindSafe(run_with(&reservation, next.run(request))).catch_unwind().await;
        let response = response.unwrap_or_else(|_| panicked().into_response());
        // The receiver is gone when the caller has hung up.
        let _ = answer.send(remember(&app_of_task, &reservation, response).await);
    });
    answered.await.map_err(|_| panicked())
}

/// The answer to a request whose key another request has used; the key may have come free meanwhile.
fn answer_again(seen: Option<queries::Seen>, hash: &[u8]) -> Result<Response, Problem> {
    let busy = Problem::conflict("request_in_progress").retry_after(Duration::seconds(2));
    match seen {
        Some(seen) if seen.request_hash != hash => {
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"))
        }
        Some(queries::Seen { status: Some(status), body: Some(body), .. }) => Ok(replay(status, &body)),
        Some(seen) if seen.is_in_doubt => Err(Problem::conflict("idempotency_in_doubt")),
        _ => Err(busy),
    }
}

fn panicked() -> Problem {
    Problem::internal(anyhow::anyhow!("a handler panicked"))
}

/// An answer that shows a secret once, as an extension of it: it is never stored to be repeated.
#[derive(Clone, Copy, Debug)]
pub struct HoldsSecret;

/// Stores the answer, or frees the key when the answer is not worth keeping. What was done is answered even when it
/// cannot be stored.
async fn remember(app: &App, reservation: &Reservation, response: Response) -> Response {
    if response.extensions().get::<HoldsSecret>().is_some() {
        // The key stays taken and its answer is not kept: a repeated request gets `idempotency_in_doubt`.
        return response;
    }
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    let is_empty = response.body().size_hint().exact() == Some(0);
    if !response.status().is_success() || !(is_json || is_empty) {
        if let Err(error) = release(app, reservation).await {
            tracing::warn!(%error, "an idempotency key could not be freed");
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    let bytes = match to_bytes(body, ANSWER_BYTES_MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return Problem::internal(error).into_response(),
    };
    if let Err(error) = store(app, reservation, parts.status, &bytes).await {
        tracing::warn!(error = format!("{error:#}"), "an answer could not be remembered");
    }
    Response::from_parts(parts, Body::from(bytes))
}

async fn store(app: &App, reservation: &Reservation, status: StatusCode, bytes: &[u8]) -> anyhow::Result<()> {
    let body = if bytes.is_empty() { serde_json::Value::Null } else { serde_json::from_slice(bytes)? };
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    queries::store(&mut tx, reservation, i16::try_from(status.as_u16())?, &body).await?;
    Ok(tx.commit().await?)
}

async fn release(app: &App, reservation: &Reservation) -> Result<(), DatabaseError> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    queries::release(&mut tx, reservation).await?;
    tx.commit().await
}

fn replay(status: i16, body: &serde_json::Value) -> Response {
    let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK);
    let mut response = if body.is_null() { status.into_response() } else { (status, axum::Json(body)).into_response() };
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}
