//! What is known of somebody at another site, and what can go wrong on the way there and back.

use http::StatusCode;
use kernel::UserId;
use platform::Problem;
use time::Duration;

use crate::users::EmailAddress;

/// How long somebody may take at the other site.
pub(super) const FLOW_LIFETIME: Duration = Duration::minutes(10);

/// Somebody at another site, as its signed token says.
#[derive(Clone, Debug)]
pub(super) struct ExternalIdentity {
    /// The site.
    pub issuer: String,
    /// Who it is there, for ever.
    pub subject: String,
    /// The address, when the site says that it has verified it and mail can be sent there.
    pub email: Option<EmailAddress>,
    /// The name shown there.
    pub name: String,
}

/// Somebody who left for another site.
pub(super) struct Flow {
    /// The nonce and the PKCE verifier, sealed.
    pub sealed_secrets: Vec<u8>,
    /// Who links an account there to theirs here; nobody for a log-in.
    pub user_id: Option<UserId>,
    /// Where to go then.
    pub next_path: String,
}

/// The two secrets of a flow.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct FlowSecrets {
    pub nonce: String,
    pub verifier: String,
}

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub(super) enum OidcError {
    /// The way back does not belong to a way there of this browser, or took too long.
    #[error("no such flow of this browser")]
    Ended,
    /// Somebody changed their mind at the other site, or the site refused them.
    #[error("the other site says {0}")]
    Cancelled(String),
    /// What the other site signed is not right.
    #[error("the token is refused: {0}")]
    Refused(String),
    /// The other site does not answer, or not as it should.
    #[error("the other site does not answer: {0}")]
    Unavailable(String),
    /// The site has not verified the address, so nobody here is known by it.
    #[error("the address is not verified there")]
    EmailUnverified,
    /// There is an account with this address that never showed that mail reaches it.
    #[error("the address is not verified here")]
    LogInFirst,
    /// The account there opens another account here.
    #[error("linked to another account")]
    Taken,
}

impl From<OidcError> for Problem {
    fn from(fault: OidcError) -> Self {
        let (status, code) = match &fault {
            OidcError::Ended => (StatusCode::BAD_REQUEST, "oidc_ended"),
            OidcError::Cancelled(_) => (StatusCode::BAD_REQUEST, "oidc_cancelled"),
            OidcError::Refused(_) => (StatusCode::UNAUTHORIZED, "oidc_refused"),
            OidcError::Unavailable(_) => return Self::unavailable("oidc_unavailable", fault),
            OidcError::EmailUnverified => (StatusCode::FORBIDDEN, "oidc_email_unverified"),
            OidcError::LogInFirst => (StatusCode::CONFLICT, "oidc_log_in_first"),
            OidcError::Taken => (StatusCode::CONFLICT, "oidc_taken"),
        };
        Self::new(status, code).because(fault)
    }
}
