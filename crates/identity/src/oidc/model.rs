//! External identities, the state of a flow, and its errors.

use http::StatusCode;
use kernel::UserId;
use platform::Problem;
use platform::config::OidcSettings;
use time::Duration;

use crate::users::email::EmailAddress;

/// The redirect URI, which must be registered at the provider.
pub(super) const CALLBACK_PATH: &str = "/login/oidc/callback";
/// How long a flow may take.
pub(crate) const FLOW_LIFETIME: Duration = Duration::minutes(10);

/// A person at the provider, from a verified ID token.
#[derive(Clone, Debug)]
pub(super) struct ExternalIdentity {
    /// The issuer (`iss`).
    pub issuer: String,
    /// The stable id of the person there (`sub`).
    pub subject: String,
    /// The address, when the provider says that it is verified and mail can be sent there.
    pub email: Option<EmailAddress>,
    /// The name, or an empty text.
    pub name: String,
}

/// A flow that was begun by this browser.
pub(super) struct Flow {
    /// The nonce and the PKCE verifier, encrypted.
    pub sealed_secrets: Vec<u8>,
    /// The account that links an external identity; `None` for a login.
    pub user_id: Option<UserId>,
    /// The page to open afterwards.
    pub next_path: String,
}

/// The secrets of a flow.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct FlowSecrets {
    /// Ties the ID token to the flow.
    pub nonce: String,
    /// The PKCE code verifier.
    pub verifier: String,
}

/// Why a login or a link failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum OidcError {
    /// The callback belongs to no flow of this browser, or to an expired one.
    #[error("no such flow of this browser")]
    Ended,
    /// The person cancelled at the provider, or the provider refused.
    #[error("the provider answered {0}")]
    Cancelled(String),
    /// The ID token is not valid.
    #[error("the token is refused: {0}")]
    Refused(String),
    /// The provider does not answer, or its answer cannot be read.
    #[error("the provider is unavailable: {0}")]
    Unavailable(String),
    /// The provider has not verified the address.
    #[error("the address is not verified at the provider")]
    EmailUnverified,
    /// The account with this address cannot be linked without a login: its address is unverified here, or it is linked to
    /// another external identity.
    #[error("the account must log in before it is linked")]
    LogInFirst,
    /// The external identity is linked to another account.
    #[error("linked to another account")]
    Taken,
}

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Self {
        let (status, code) = match &error {
            OidcError::Ended => (StatusCode::BAD_REQUEST, "oidc_ended"),
            OidcError::Cancelled(_) => (StatusCode::BAD_REQUEST, "oidc_cancelled"),
            OidcError::Refused(_) => (StatusCode::UNAUTHORIZED, "oidc_refused"),
            OidcError::Unavailable(_) => return Self::unavailable("oidc_unavailable", error),
            OidcError::EmailUnverified => (StatusCode::FORBIDDEN, "oidc_email_unverified"),
            OidcError::LogInFirst => (StatusCode::CONFLICT, "oidc_log_in_first"),
            OidcError::Taken => (StatusCode::CONFLICT, "oidc_taken"),
        };
        Self::new(status, code).because(error)
    }
}

/// The issuer as providers write it: a bare host without the trailing slash of a URL.
pub(super) fn issuer_of(settings: &OidcSettings) -> String {
    let text = settings.issuer.as_str();
    if settings.issuer.path() == "/" { text.trim_end_matches('/').to_owned() } else { text.to_owned() }
}
