//! What can go wrong at Stripe, sorted by what the caller should do next.

use serde::Deserialize;
use thiserror::Error;

/// A call to Stripe that did not give what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StripeError {
    /// No answer came. Whether the call had its effect is unknown; it may be repeated with the same key.
    #[error("Stripe gave no answer: {reason}")]
    Unreachable {
        /// What the transport said, without address or secret.
        reason: &'static str,
    },
    /// Too many requests; nothing happened.
    #[error("Stripe asks to slow down")]
    Busy {
        /// How long Stripe wants us to wait, in seconds, when it says so.
        retry_after_seconds: Option<u64>,
    },
    /// The same key is in use this moment, or the object is locked; nothing happened.
    #[error("the object is in use at Stripe")]
    Locked,
    /// Stripe failed. With the same key it answers the same again, and the effect is unknown: look before repeating.
    #[error("Stripe failed with status {status}")]
    Failed {
        /// The HTTP status, 500 or above.
        status: u16,
    },
    /// The key was used before with other parameters: a fault of ours.
    #[error("the idempotency key was used with other parameters")]
    KeyReused,
    /// The key or its permissions are wrong: the operator's set-up.
    #[error("Stripe refuses our key with status {status}")]
    NotAllowed {
        /// 401 or 403.
        status: u16,
    },
    /// The card or wallet said no.
    #[error("the payment was declined: {code}")]
    Declined {
        /// Stripe's `decline_code`, else its `code`.
        code: String,
    },
    /// There is no such object.
    #[error("there is no such object at Stripe")]
    Missing,
    /// The request is wrong for the object's state or altogether; repeating it cannot help.
    #[error("Stripe refused the request: {code}")]
    Refused {
        /// Stripe's `code`, else its `type`.
        code: String,
        /// The field that Stripe blames.
        param: Option<String>,
    },
    /// The answer was not what the API describes.
    #[error("Stripe's answer could not be read: {0}")]
    Unreadable(String),
}

impl StripeError {
    /// Whether the very same call, with the same key, may succeed later.
    pub const fn is_worth_repeating(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Busy { .. } | Self::Locked | Self::Failed { .. })
    }

    /// Whether the call may have had its effect although it failed for us.
    pub const fn effect_is_unknown(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Failed { .. } | Self::Unreadable(_))
    }

    /// A short name for logs and for the database.
    pub fn code(&self) -> &str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Busy { .. } => "busy",
            Self::Locked => "locked",
            Self::Failed { .. } => "provider_failed",
            Self::KeyReused => "key_reused",
            Self::NotAllowed { .. } => "not_allowed",
            Self::Declined { code } | Self::Refused { code, .. } => code,
            Self::Missing => "missing",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    error: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(rename = "type", default)]
    kind: String,
    code: Option<String>,
    decline_code: Option<String>,
    param: Option<String>,
}

/// Sorts an answer whose status is not 2xx. The message is left behind: it may quote what we sent.
pub(super) fn classify(status: u16, retry_after: Option<&str>, body: &[u8]) -> StripeError {
    let details = serde_json::from_slice::<Envelope>(body).unwrap_or_default().error;
    let code = details.code.unwrap_or_else(|| details.kind.clone());
    match (status, details.kind.as_str()) {
        (429, _) => StripeError::Busy { retry_after_seconds: retry_after.and_then(|value| value.trim().parse().ok()) },
        (_, "idempotency_error") if code != "idempotency_key_in_use" => StripeError::KeyReused,
        (409, _) => StripeError::Locked,
        (500.., _) => StripeError::Failed { status },
        (401 | 403, _) => StripeError::NotAllowed { status },
        (404, _) => StripeError::Missing,
        (_, "card_error") => StripeError::Declined { code: details.decline_code.unwrap_or(code) },
        _ => StripeError::Refused {
            code: if code.is_empty() { format!("status_{status}") } else { code },
            param: details.param,
        },
    }
}
