//! The sandbox's events at our webhook: signed as Stripe's are, or not at all where the sandbox plays a provider that does
//! not sign.

use http::HeaderMap;
use time::OffsetDateTime;

use super::handle::Sandbox;
use crate::providers::event::{EventError, InboundEvent, ReceivedEvent};
use crate::providers::stripe::events::Event;
use crate::providers::stripe::receive;

/// The header that carries the sandbox's signature.
pub(crate) const SIGNATURE_HEADER: &str = "sandbox-signature";

/// Checks and reads an event. Without signatures it is only a hint to ask about its session, whatever it says.
pub(crate) fn verify(
    sandbox: &Sandbox,
    now: OffsetDateTime,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<ReceivedEvent, EventError> {
    if sandbox.behaviour().signs_events {
        let secrets = std::slice::from_ref(sandbox.secret());
        return receive::verify(secrets, now, headers, SIGNATURE_HEADER, body);
    }
    let event = Event::parse(body).map_err(|_| EventError::Unreadable)?;
    let session_id = event.object_id().to_owned();
    Ok(ReceivedEvent {
        id: event.id,
        kind: event.kind,
        object_id: session_id.clone(),
        content: InboundEvent::Hint { session_id },
    })
}
