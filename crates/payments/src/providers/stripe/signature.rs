//! `Stripe-Signature`: proof that an event comes from Stripe (or from our own sandbox, which signs the same way).

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use thiserror::Error;
use time::OffsetDateTime;

/// How far the signature's time may be from ours, in seconds, in either direction.
///
/// Stripe's own library accepts a time in the future; a replay could then be prepared in advance, so this one does not.
pub const TOLERANCE_SECONDS: i64 = 300;

/// Signatures of one header that are looked at; a longer list is an attack on our time.
const SIGNATURES_MAX: usize = 16;

/// Why a body is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// There is no header, or it lacks `t` or `v1`, or says one of them wrongly.
    #[error("the signature header is missing or malformed")]
    Malformed,
    /// The time is more than [`TOLERANCE_SECONDS`] away.
    #[error("the signature is too old or from the future")]
    OutsideTolerance,
    /// No signature fits the body under any of the secrets.
    #[error("the signature does not match")]
    Mismatch,
}

impl SignatureError {
    /// The stable code in the API's error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "webhook_signature_malformed",
            Self::OutsideTolerance => "webhook_signature_outside_tolerance",
            Self::Mismatch => "webhook_signature_mismatch",
        }
    }
}

/// The header's value for a body signed at `now`.
pub fn sign(secret: &SecretString, now: OffsetDateTime, body: &[u8]) -> String {
    let timestamp = now.unix_timestamp();
    format!("t={timestamp},v1={}", hex::encode(mac(secret, timestamp, body)))
}

/// Checks the raw body against the header under any of `secrets` (two while one is being rotated).
///
/// # Errors
/// The first reason not to believe the body; the comparison itself takes the same time for every signature.
pub fn verify(
    secrets: &[SecretString],
    now: OffsetDateTime,
    header: Option<&str>,
    body: &[u8],
) -> Result<(), SignatureError> {
    let parsed = parse(header.ok_or(SignatureError::Malformed)?)?;
    if now.unix_timestamp().abs_diff(parsed.timestamp) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(SignatureError::OutsideTolerance);
    }
    let mut matched = subtle::Choice::from(0);
    for secret in secrets {
        let expected = mac(secret, parsed.timestamp, body);
        for signature in &parsed.signatures {
            matched |= expected.ct_eq(signature.as_slice());
        }
    }
    if bool::from(matched) { Ok(()) } else { Err(SignatureError::Mismatch) }
}

struct Parsed {
    timestamp: i64,
    signatures: Vec<Vec<u8>>,
}

fn parse(header: &str) -> Result<Parsed, SignatureError> {
    let mut timestamp = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) if timestamp.is_none() => {
                // Only digits: a sign or a space would be another spelling of the bytes that were signed.
                if !value.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(SignatureError::Malformed);
                }
                timestamp = Some(value.parse().map_err(|_| SignatureError::Malformed)?);
            }
            Some(("t", _)) => return Err(SignatureError::Malformed),
            Some(("v1", value)) if signatures.len() < SIGNATURES_MAX => {
                if let Ok(bytes) = hex::decode(value) {
                    signatures.push(bytes);
                }
            }
            _ => {}
        }
    }
    match timestamp {
        Some(timestamp) if !signatures.is_empty() => Ok(Parsed { timestamp, signatures }),
        _ => Err(SignatureError::Malformed),
    }
}

fn mac(secret: &SecretString, timestamp: i64, body: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC accepts a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).expect("any key length");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().into()
}
