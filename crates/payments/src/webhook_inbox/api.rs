//! `POST /api/webhooks/stripe`.

use axum::body::Bytes;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use kernel::SystemReason;
use platform::http::Problem;
use platform::jobs::enqueue;
use serde::Serialize;

use super::jobs::HandleEvent;
use super::queries;
use crate::providers::code::ProviderCode;
use crate::providers::sandbox::names::EVENT_PREFIX;
use crate::providers::stripe::events::Event;
use crate::providers::stripe::signature;
use crate::state::Payments;

/// An event at most, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 1024 * 1024;

/// That an event is in the inbox, now or since an earlier delivery.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Received {
    /// Always true.
    pub(crate) received: bool,
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(receive), components(schemas(Received)))]
struct Described;

/// The webhook, for the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <Described as utoipa::OpenApi>::openapi()
}

/// Takes in an event. The signature is checked on the raw bytes before anything looks at them.
#[utoipa::path(
    post, path = "/api/webhooks/stripe", tag = "payments",
    request_body(content = String, content_type = "application/json"),
    params(("stripe-signature" = String, Header, description = "t=…,v1=…")),
    responses((status = 200, body = Received), (status = 400, description = "The signature or the body is not right"))
)]
pub(crate) async fn receive(
    State(payments): State<Payments>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<axum::Json<Received>, Problem> {
    let body = body.map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"))?;
    let header = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    let app = payments.app();
    signature::verify(payments.webhook_secrets(), app.clock.now(), header, &body)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.code()).because(error))?;
    let unreadable = || Problem::new(StatusCode::BAD_REQUEST, "webhook_body_unreadable");
    let text = std::str::from_utf8(&body).map_err(|_| unreadable())?;
    let event = Event::parse(&body).map_err(|_| unreadable())?;
    let fits = |value: &str| value.len() <= 255 && !value.contains('\0');
    if event.id.is_empty() || !fits(&event.id) || !fits(&event.kind) || !fits(event.object_id()) {
        return Err(unreadable());
    }
    let provider = if event.id.starts_with(EVENT_PREFIX) { ProviderCode::Sandbox } else { ProviderCode::Stripe };
    let ctx = app.system_ctx(SystemReason::Webhook);
    let mut tx = app.db.begin_system(SystemReason::Webhook).await?;
    if let Some(inbox_id) = queries::insert(&ctx, &mut tx, provider, &event, text).await? {
        enqueue(&ctx, &mut tx, &HandleEvent { inbox_id }).await?;
    }
    tx.commit().await?;
    Ok(axum::Json(Received { received: true }))
}
