//! Why a provider did not do what it was asked.

use platform::DatabaseError;

use super::stripe::error::StripeError;

/// A provider did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProviderError {
    /// Try the same again later; it may or may not have had its effect.
    #[error("the provider is not reachable: {0}")]
    Unavailable(String),
    /// The provider keeps answering this key with its own failure: look what happened, then use a fresh key.
    #[error("the provider failed and keeps the failure under the key: {0}")]
    NeedsFreshKey(String),
    /// The card or wallet says no.
    #[error("the payment was declined: {0}")]
    Declined(String),
    /// The provider says no, and will say so again.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// The provider knows no such thing.
    #[error("the provider knows no such thing")]
    Missing,
    /// Our set-up at the provider is wrong; an operator's matter.
    #[error("the provider does not accept us: {0}")]
    Misconfigured(String),
}

impl ProviderError {
    /// A short name for logs and for the database.
    pub fn code(&self) -> &str {
        match self {
            Self::Unavailable(code)
            | Self::NeedsFreshKey(code)
            | Self::Declined(code)
            | Self::Refused(code)
            | Self::Misconfigured(code) => code,
            Self::Missing => "missing",
        }
    }
}

impl From<StripeError> for ProviderError {
    fn from(error: StripeError) -> Self {
        let code = error.code().to_owned();
        match error {
            StripeError::Failed { .. } => Self::NeedsFreshKey(code),
            StripeError::Unreachable { .. } | StripeError::Busy { .. } | StripeError::Locked => Self::Unavailable(code),
            StripeError::Unreadable(_) => Self::Unavailable(code),
            StripeError::NotAllowed { .. } | StripeError::KeyReused => Self::Misconfigured(code),
            StripeError::Missing => Self::Missing,
            StripeError::Declined { .. } => Self::Declined(code),
            StripeError::Refused { .. } => Self::Refused(code),
        }
    }
}

impl From<DatabaseError> for ProviderError {
    fn from(fault: DatabaseError) -> Self {
        tracing::warn!(%fault, "the sandbox's tables cannot be read");
        Self::Unavailable("sandbox_database".to_owned())
    }
}
