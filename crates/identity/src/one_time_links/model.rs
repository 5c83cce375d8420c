//! The purposes, the address and the errors of one-time links.

use std::fmt;
use std::str::FromStr;

use http::StatusCode;
use kernel::UserId;
use platform::config::Config;
use platform::{DatabaseError, Problem};
use serde::{Deserialize, Serialize};
use time::Duration;
use uuid::Uuid;

use crate::secret_token::OneTimeSecret;

kernel::typed_id! {
    /// The id of a one-time link.
    OneTimeLinkId,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Sets the first password of an account that was created by a payment, and logs in.
    SetPassword,
    /// Replaces a forgotten password.
    Recovery,
    /// Verifies the address of the account.
    VerifyEmail,
    /// Confirms a change of address from the present address.
    ChangeEmailOld,
    /// Verifies the new address of a change.
    ChangeEmailNew,
}

impl LinkPurpose {
    /// How long a link of this purpose works.
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::SetPassword => Duration::hours(72),
            Self::Recovery => Duration::hours(1),
            Self::VerifyEmail | Self::ChangeEmailOld | Self::ChangeEmailNew => Duration::hours(24),
        }
    }

    /// The name in the database and in the link.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetPassword => "set_password",
            Self::Recovery => "recovery",
            Self::VerifyEmail => "verify_email",
            Self::ChangeEmailOld => "change_email_old",
            Self::ChangeEmailNew => "change_email_new",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::SetPassword | Self::Recovery => "/reset-password/confirm",
            Self::VerifyEmail => "/verify-email",
            Self::ChangeEmailOld | Self::ChangeEmailNew => "/account/email/confirm",
        }
    }

    /// Whether the link works only while the account has the address it was sent to.
    pub(super) const fn is_for_present_address(self) -> bool {
        !matches!(self, Self::ChangeEmailNew)
    }
}

/// The URL of a link's page, with its secret; known only when it is issued.
#[derive(Clone)]
pub struct LinkUrl {
    id: OneTimeLinkId,
    purpose: LinkPurpose,
    code: String,
}

impl LinkUrl {
    pub(super) fn new(purpose: LinkPurpose, id: OneTimeLinkId, secret: &OneTimeSecret) -> Self {
        Self { id, purpose, code: format!("{}{}", id.uuid().simple(), secret.reveal()) }
    }

    /// Path and query.
    pub fn path(&self) -> String {
        format!("{}?code={}&type={}", self.purpose.path(), self.code, self.purpose.as_str())
    }

    /// The absolute URL, for a mail.
    pub fn absolute(&self, config: &Config) -> String {
        config.absolute_url(&self.path())
    }

    /// The id of the link.
    pub const fn id(&self) -> OneTimeLinkId {
        self.id
    }

    /// The code that the API takes: the id and the secret.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Debug for LinkUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkUrl({})", self.purpose.as_str())
    }
}

/// Reads a code; `None` when it has another form, so that the database is not queried.
pub(super) fn parse_code(code: &str) -> Option<(OneTimeLinkId, OneTimeSecret)> {
    let (id, secret) = code.split_at_checked(32)?;
    Some((OneTimeLinkId(Uuid::try_parse(id).ok()?), OneTimeSecret::parse(secret)?))
}

/// A link that works, or was just used.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// The id.
    pub(crate) id: OneTimeLinkId,
    /// The account.
    pub(crate) user_id: UserId,
    /// The purpose.
    pub(crate) purpose: LinkPurpose,
    /// The address it was sent to.
    pub(crate) email: String,
}

/// Why a link does not work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkError {
    /// There is no such link, or it has another purpose.
    #[error("there is no such link")]
    Unknown,
    /// The link was used before.
    #[error("the link was used before")]
    Used,
    /// The link has expired, or a change of the account has revoked it.
    #[error("the link is no longer valid")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Unknown => Self::new(StatusCode::NOT_FOUND, "link_unknown"),
            LinkError::Used => Self::new(StatusCode::GONE, "link_used"),
            LinkError::Expired => Self::new(StatusCode::GONE, "link_expired"),
            LinkError::Database(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Random;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_back_and_never_shown_by_accident() {
        let random = Random::seeded(3);
        let secret = OneTimeSecret::generate(&random);
        let id = OneTimeLinkId(Uuid::from_u128(7));
        let url = LinkUrl::new(LinkPurpose::Recovery, id, &secret);
        assert!(url.path().starts_with("/reset-password/confirm?code=0000"));
        assert!(url.path().ends_with("&type=recovery"));
        let (read, again) = parse_code(url.code()).expect("a code");
        assert_eq!((read, again.hash()), (id, secret.hash()));
        assert_eq!(format!("{url:?}"), "LinkUrl(recovery)");
    }

    proptest! {
        #[test]
        fn no_text_is_read_wrongly(text in any::<String>()) {
            if let Some((id, secret)) = parse_code(&text) {
                prop_assert_eq!(secret.reveal().len(), crate::secret_token::SECRET_CHARS);
                prop_assert!(text.to_ascii_lowercase().starts_with(&id.uuid().simple().to_string()));
            }
        }
    }
}
