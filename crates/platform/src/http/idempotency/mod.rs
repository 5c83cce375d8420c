//! `Idempotency-Key`: the same request asked twice is done once and answered alike.

mod queries;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use kernel::limits::BODY_BYTES_MAX;
use kernel::{Actor, SystemReason, UserId};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

use super::problem::Problem;
use crate::{DatabaseFault, House};

/// How long an answer is remembered.
const REMEMBERED: Duration = Duration::hours(24);
/// After this a request that never ended may be tried again.
const ABANDONED: Duration = Duration::minutes(5);

/// Serves `POST`, `PUT`, `PATCH` and `DELETE` below `/api/` that carry the header, for people who are logged in.
///
/// The first request reserves the key; its answer is stored unless it is a fault of ours (5xx), after which the key is
/// free again. The same key with another request is 422, a second one while the first runs is 409.
pub async fn idempotency(State(house): State<House>, request: Request, next: Next) -> Response {
    let user_id = request.extensions().get::<Actor>().and_then(Actor::user_id);
    let key = request.headers().get("idempotency-key").cloned();
    let unsafe_method = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE);
    match (user_id, key) {
        (Some(user_id), Some(key)) if unsafe_method && request.uri().path().starts_with("/api/") => {
            once(&house, user_id, &key, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn once(
    house: &House,
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
    let hash = Sha256::digest(&body).to_vec();
    let now = house.clock.now();

    let mut tx = house.db.begin_system(SystemReason::HouseRules).await?;
    let reserved = queries::reserve(&mut tx, user_id, &scope, &key, &hash, now).await?;
    let seen = if reserved { None } else { queries::find(&mut tx, user_id, &scope, &key).await? };
    tx.commit().await?;
    if let Some(seen) = seen {
        if seen.request_hash != hash {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"));
        }
        return match (seen.status, seen.body) {
            (Some(status), Some(body)) => Ok(replay(status, &body)),
            _ => Err(Problem::conflict("request_in_progress").retry_after(Duration::seconds(2))),
        };
    }
    if !reserved {
        return Err(Problem::conflict("request_in_progress").retry_after(Duration::seconds(2)));
    }

    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    remember(house, user_id, &scope, &key, response).await
}

/// Stores the answer, or frees the key when the answer is not worth keeping.
async fn remember(
    house: &House,
    user_id: UserId,
    scope: &str,
    key: &str,
    response: Response,
) -> Result<Response, Problem> {
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    let status = response.status();
    if !status.is_success() || !(is_json || status == StatusCode::NO_CONTENT) {
        forget(house, user_id, scope, key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes: Bytes =
        to_bytes(body, BODY_BYTES_MAX).await.map_err(|error| Problem::internal(anyhow::anyhow!(error)))?;
    let json: serde_json::Value = if bytes.is_empty() {
        serde_json::Value::Null
    } else {
        serde_json::from_slice(&bytes).map_err(|error| Problem::internal(anyhow::anyhow!(error)))?
    };
    let mut tx = house.db.begin_system(SystemReason::HouseRules).await?;
    let status = i16::try_from(parts.status.as_u16()).unwrap_or(200);
    queries::store(&mut tx, user_id, scope, key, status, &json).await?;
    tx.commit().await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

async fn forget(house: &House, user_id: UserId, scope: &str, key: &str) -> Result<(), DatabaseFault> {
    let mut tx = house.db.begin_system(SystemReason::HouseRules).await?;
    queries::forget(&mut tx, user_id, scope, key).await?;
    tx.commit().await
}

fn replay(status: i16, body: &serde_json::Value) -> Response {
    let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK);
    let mut response = if body.is_null() { status.into_response() } else { (status, axum::Json(body)).into_response() };
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}

/// When remembered answers and abandoned reservations end.
const fn horizons(now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
    (now.saturating_sub(REMEMBERED), now.saturating_sub(ABANDONED))
}
