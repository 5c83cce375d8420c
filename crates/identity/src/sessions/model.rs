//! What a session is.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Random, SessionId};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

/// A session ends at the latest after this.
pub const SESSION_LIFETIME: Duration = Duration::days(30);
/// A session that nobody used for this long has ended.
pub(crate) const IDLE_LIFETIME: Duration = Duration::days(14);
/// The time of last use is written at most this often.
pub(crate) const TOUCH_EVERY: Duration = Duration::minutes(5);

/// In which envelope the secret travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum SessionKind {
    /// In a cookie that scripts cannot read.
    Cookie,
    /// In `Authorization: Bearer`.
    Bearer,
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

    /// A secret that no session has.
    pub(crate) const fn unknown() -> Self {
        Self(String::new())
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
