//! What a session is.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Random, SessionId, UserId};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

/// A session ends at the latest after this.
pub const SESSION_LIFETIME: Duration = Duration::days(30);
/// A session that nobody used for this long has ended.
pub(crate) const IDLE_LIFETIME: Duration = Duration::days(14);
/// A proof of identity is recent for this long (ASVS 5.0, 7.5.1).
pub const PROOF_LIFETIME: Duration = Duration::minutes(10);
/// The time of last use is written at most this often.
pub(crate) const TOUCH_EVERY: Duration = Duration::minutes(5);

/// In which envelope the secret travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum SessionKind {
    /// In a cookie that scripts cannot read.
    Cookie,
    /// In `Authorization: Bearer`.
    Bearer,
}

/// By what somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A password.
    Password,
    /// A passkey.
    Passkey,
    /// A code of an authenticator app.
    Totp,
    /// One of the codes for the day when the second factor is lost.
    RecoveryCode,
    /// Another site that is trusted to know (Google).
    Oidc,
    /// A one-time link in a mail.
    Link,
}

impl Factor {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Oidc => "oidc",
            Self::Link => "link",
        }
    }

    /// Reads a name of the database.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Password, Self::Passkey, Self::Totp, Self::RecoveryCode, Self::Oidc, Self::Link];
        all.into_iter().find(|factor| factor.as_str() == name)
    }
}

/// How a session begins.
#[derive(Clone, Copy, Debug)]
pub struct Beginning<'a> {
    /// Who proved who they are.
    pub user_id: UserId,
    /// In which envelope the secret travels.
    pub kind: SessionKind,
    /// The browser or program, as it calls itself.
    pub user_agent: &'a str,
    /// The caller's address.
    pub address: Option<IpAddr>,
    /// By what they proved it.
    pub factors: &'a [Factor],
}

/// The secret of a session: 256 random bits, with a prefix by which scanners of leaked secrets know it.
#[derive(Clone)]
pub struct SessionToken(String);

impl SessionToken {
    const PREFIX: &'static str = "machiya_";

    /// A new secret.
    pub fn generate(random: &Random) -> Self {
        Self(format!("{}{}", Self::PREFIX, URL_SAFE_NO_PAD.encode(random.bytes::<32>())))
    }

    /// Reads what a caller sent; nothing when it cannot be one of ours, so that the database is not asked.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(Self::PREFIX)?;
        (rest.len() == 43 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
            .then(|| Self(text.to_owned()))
    }

    /// The secret itself, to be sent to its owner once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored. A fast hash is enough: the secret has 256 bits.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken")
    }
}

/// A session that has just begun.
#[derive(Clone, Debug)]
pub struct StartedSession {
    /// Its id.
    pub id: SessionId,
    /// Its secret, known only now.
    pub token: SessionToken,
    /// When it ends at the latest.
    pub expires_at: OffsetDateTime,
}
