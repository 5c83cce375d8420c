//! The types and lifetimes of sessions.

use std::net::IpAddr;

use kernel::{SessionId, UserId};
use serde::Serialize;
use time::{Duration, OffsetDateTime};

use crate::secret_token::secret_token;

/// The longest a session is valid.
pub(crate) const SESSION_LIFETIME: Duration = Duration::days(30);
/// A session that was not used for this long has ended.
pub(crate) const IDLE_LIFETIME: Duration = Duration::days(14);
/// How long a proof of identity counts as recent (ASVS 5.0, 7.5.1).
pub(crate) const PROOF_LIFETIME: Duration = Duration::minutes(10);
/// The time of last use is written at most this often.
pub(crate) const TOUCH_INTERVAL: Duration = Duration::minutes(5);

/// How the secret of a session is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum SessionKind {
    /// In a cookie that scripts cannot read.
    Cookie,
    /// In `Authorization: Bearer`.
    Bearer,
}

/// A means of authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Factor {
    /// A password.
    Password,
    /// A passkey with user verification.
    Passkey,
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// An OpenID provider (Google).
    Oidc,
    /// A one-time link sent by mail.
    Link,
}

impl Factor {
    /// The name in the database.
    pub(crate) const fn as_str(self) -> &'static str {
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
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let all = [Self::Password, Self::Passkey, Self::Totp, Self::RecoveryCode, Self::Oidc, Self::Link];
        all.into_iter().find(|factor| factor.as_str() == name)
    }
}

/// A session to be started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewSession<'a> {
    /// The account.
    pub(crate) user_id: UserId,
    /// How the secret is sent.
    pub(crate) kind: SessionKind,
    /// The `User-Agent` of the request.
    pub(crate) user_agent: &'a str,
    /// The IP address of the caller.
    pub(crate) address: Option<IpAddr>,
    /// The factors of the login.
    pub(crate) factors: &'a [Factor],
}

secret_token! {
    /// The secret of a session. The prefix lets scanners for leaked secrets find it.
    pub SessionToken, "machiya_"
}

/// A session that has just started or got a new secret.
#[derive(Clone, Debug)]
pub struct StartedSession {
    /// The id.
    pub id: SessionId,
    /// The secret, which is known only now.
    pub token: SessionToken,
    /// When the session ends at the latest.
    pub expires_at: OffsetDateTime,
}

/// A session as its owner sees it. No place is derived from the address, because that would often be wrong.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnSession {
    /// The id.
    pub(crate) id: SessionId,
    /// A browser's (`cookie`) or a program's (`bearer`).
    pub(crate) kind: SessionKind,
    /// The `User-Agent` at the login.
    pub(crate) user_agent: String,
    /// When the session started.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) created_at: OffsetDateTime,
    /// When it was last used, to five minutes.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) last_seen_at: OffsetDateTime,
}
