//! `POST /api/webhooks/{provider}`.

use axum::body::Bytes;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use kernel::SystemReason;
use platform::http::{Path, Problem};
use platform::jobs::enqueue;
use serde::Serialize;

use super::jobs::HandleEvent;
use super::queries;
use crate::attempts::queries as attempts_table;
use crate::providers::code::ProviderCode;
use crate::providers::event::{EventError, InboundEvent};
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

/// Takes in an event of a provider that is configured. The provider checks its signature on the raw bytes before anything
/// looks at them; an event of a provider that signs nothing is only a hint, and kept when its session is one of ours.
#[utoipa::path(
    post, path = "/api/webhooks/{provider}", tag = "payments",
    request_body(content = String, content_type = "application/json"),
    params(("provider" = String, Path, description = "stripe, paypal, paypay or sandbox")),
    responses((status = 200, body = Received), (status = 400, description = "webhook_signature_malformed, webhook_signature_outside_tolerance, webhook_signature_mismatch, webhook_body_unreadable"), (status = 404, description = "not_found"), (status = 413, description = "body_too_large"))
)]
pub(crate) async fn receive(
    State(payments): State<Payments>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<axum::Json<Received>, Problem> {
    let code: ProviderCode = provider.parse().map_err(|_| Problem::not_found())?;
    let provider = payments.provider(code).map_err(|_| Problem::not_found())?;
    let body = body.map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"))?;
    let app = payments.app();
    let refused = |error: EventError| Problem::new(StatusCode::BAD_REQUEST, error.code()).because(error);
    let event = provider.verify_event(app.clock.now(), &headers, &body).map_err(refused)?;
    let text = std::str::from_utf8(&body).map_err(|_| refused(EventError::Unreadable))?;
    let fits = |value: &str| value.len() <= 255 && !value.contains('\0');
    if event.id.is_empty() || !fits(&event.id) || !fits(&event.kind) || !fits(&event.object_id) {
        return Err(refused(EventError::Unreadable));
    }
    let ctx = app.system_ctx(SystemReason::Webhook);
    let mut tx = app.db.begin_system(SystemReason::Webhook).await?;
    if let InboundEvent::Hint { session_id } = &event.content
        && attempts_table::find(&mut tx, code, Some(session_id), None, None).await?.is_none()
    {
        // Whoever guesses names learns nothing and leaves nothing behind.
        return Ok(axum::Json(Received { received: true }));
    }
    if let Some(inbox_id) = queries::insert(&ctx, &mut tx, code, &event, text).await? {
        enqueue(&ctx, &mut tx, &HandleEvent { inbox_id }).await?;
    }
    tx.commit().await?;
    Ok(axum::Json(Received { received: true }))
}
