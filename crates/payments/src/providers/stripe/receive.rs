//! Events as they arrive: believed by their signature, then read.

use http::HeaderMap;
use secrecy::SecretString;
use time::OffsetDateTime;

use super::events::Event;
use super::signature::{self, SignatureError};
use crate::providers::event::{EventError, InboundEvent, ReceivedEvent};

/// The header that carries Stripe's signature.
pub(crate) const SIGNATURE_HEADER: &str = "stripe-signature";

impl From<SignatureError> for EventError {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Malformed => Self::SignatureMalformed,
            SignatureError::OutsideTolerance => Self::SignatureOutsideTolerance,
            SignatureError::Mismatch => Self::SignatureMismatch,
        }
    }
}

/// Checks the signature in `header` on the raw bytes, then reads the event.
///
/// # Errors
/// See [`EventError`].
pub(crate) fn verify(
    secrets: &[SecretString],
    now: OffsetDateTime,
    headers: &HeaderMap,
    header: &str,
    body: &[u8],
) -> Result<ReceivedEvent, EventError> {
    let signature = headers.get(header).and_then(|value| value.to_str().ok());
    signature::verify(secrets, now, signature, body)?;
    read(body)
}

/// Reads an event whose signature was checked.
///
/// # Errors
/// [`EventError::Unreadable`].
pub(crate) fn read(body: &[u8]) -> Result<ReceivedEvent, EventError> {
    let event = Event::parse(body).map_err(|_| EventError::Unreadable)?;
    Ok(ReceivedEvent {
        object_id: event.object_id().to_owned(),
        content: InboundEvent::Verified(event.report()),
        id: event.id,
        kind: event.kind,
    })
}
