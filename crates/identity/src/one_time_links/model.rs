//! What a link is.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use kernel::{Random, UserId};
use platform::config::Config;
use platform::{DatabaseError, Problem};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::Duration;
use uuid::Uuid;

kernel::typed_id! {
    /// A link that works once.
    OneTimeLinkId,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Sets the first password of an account that somebody paid for, and logs in.
    SetPassword,
    /// Sets a new password instead of a forgotten one.
    Recovery,
    /// Shows that mail reaches the address of the account.
    VerifyEmail,
    /// Agrees, from the present address, to another one.
    ChangeEmailOld,
    /// Shows that mail reaches the other address.
    ChangeEmailNew,
}

impl LinkPurpose {
    /// How long such a link works.
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

    /// Whether the link speaks for the address that the account has now.
    pub(super) const fn is_for_present_address(self) -> bool {
        !matches!(self, Self::ChangeEmailNew)
    }
}

/// The address of a link's page, with its secret; known only when it is made.
#[derive(Clone)]
pub struct LinkUrl {
    id: OneTimeLinkId,
    purpose: LinkPurpose,
    code: String,
}

impl LinkUrl {
    pub(super) fn new(purpose: LinkPurpose, id: OneTimeLinkId, secret: &LinkSecret) -> Self {
        Self { id, purpose, code: format!("{}{}", id.uuid().simple(), secret.0) }
    }

    /// The path and query on our own origin.
    pub fn path(&self) -> String {
        format!("{}?code={}&type={}", self.purpose.path(), self.code, self.purpose.as_str())
    }

    /// The whole address, for a mail.
    pub fn absolute(&self, config: &Config) -> String {
        config.absolute_url(&self.path())
    }

    /// The link, without its secret.
    pub const fn id(&self) -> OneTimeLinkId {
        self.id
    }

    /// The code alone, which the API takes.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Debug for LinkUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkUrl({})", self.purpose.as_str())
    }
}

/// The secret half of a code: 32 random bytes as 43 characters.
pub(super) struct LinkSecret(String);

impl LinkSecret {
    pub(super) const CHARS: usize = 43;

    pub(super) fn generate(random: &Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random.bytes::<32>()))
    }

    /// What is stored. A fast hash is enough: the secret has 256 bits.
    pub(super) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

/// Reads a code; nothing when it cannot be one of ours, so that the database is not asked.
pub(super) fn parse_code(code: &str) -> Option<(OneTimeLinkId, LinkSecret)> {
    let (id, secret) = code.split_at_checked(32)?;
    let fits = secret.len() == LinkSecret::CHARS
        && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let id = Uuid::try_parse(id).ok().filter(|_| fits)?;
    Some((OneTimeLinkId(id), LinkSecret(secret.to_owned())))
}

/// A link that works, or has just worked.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its id.
    pub id: OneTimeLinkId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The address that it was sent to.
    pub email: String,
}

/// Why a link does not work.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// There is no such link, or it is for something else.
    #[error("there is no such link")]
    Unknown,
    /// It was used before.
    #[error("the link was used before")]
    Used,
    /// Its time is over, or a newer one, or a change of the account, took its place.
    #[error("the link is no longer valid")]
    Expired,
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<LinkError> for Problem {
    fn from(fault: LinkError) -> Self {
        match fault {
            LinkError::Unknown => Self::new(StatusCode::NOT_FOUND, "link_unknown"),
            LinkError::Used => Self::new(StatusCode::GONE, "link_used"),
            LinkError::Expired => Self::new(StatusCode::GONE, "link_expired"),
            LinkError::Database(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_back_and_never_shown_by_accident() {
        let random = Random::seeded(3);
        let secret = LinkSecret::generate(&random);
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
                prop_assert_eq!(secret.0.len(), LinkSecret::CHARS);
                prop_assert!(text.to_ascii_lowercase().starts_with(&id.uuid().simple().to_string()));
            }
        }
    }
}
