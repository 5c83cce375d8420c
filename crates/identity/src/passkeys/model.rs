//! Passkeys, the purposes of ceremonies, and the relying party.

use std::fmt;
use std::str::FromStr;

use http::StatusCode;
use kernel::UserId;
use platform::Problem;
use platform::config::Config;
use platform::http::redirect_location;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use url::Host;
use uuid::Uuid;
use webauthn_rp::request::register::UserHandle16;
use webauthn_rp::request::{AsciiDomain, RpId};

kernel::typed_id! {
    /// The id of a passkey.
    PasskeyId,
}

/// How long a ceremony can be answered; the browser gets the same timeout.
pub(super) const CEREMONY_LIFETIME: Duration = Duration::minutes(5);
/// The most passkeys of one account.
pub(super) const PASSKEYS_MAX: i64 = 20;
/// The most characters of a passkey's name.
pub(super) const NAME_CHARS_MAX: usize = 60;

/// A passkey as its owner sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Passkey {
    /// The id.
    pub(crate) id: PasskeyId,
    /// The name that its owner gave it.
    pub(crate) name: String,
    /// When it was added.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) created_at: OffsetDateTime,
    /// When it was last used.
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) last_used_at: Option<OffsetDateTime>,
}

/// The purpose of a ceremony. An answer counts only for the purpose of its ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// The registration of a passkey.
    Register,
    /// A login by a passkey alone.
    LogIn,
    /// The second factor of a login.
    SecondFactor,
    /// A new proof of identity in a session.
    Prove,
}

/// The answer to a ceremony.
#[derive(Clone, Copy)]
pub(crate) struct PasskeyAnswer<'a> {
    /// The token of the ceremony.
    pub(crate) ceremony: &'a str,
    /// The credential: `PublicKeyCredential.toJSON()` as text.
    pub(crate) credential: &'a [u8],
}

/// The answer to a ceremony as a form that the script fills in.
#[derive(Deserialize)]
pub(crate) struct AnswerForm {
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    credential: String,
    next: Option<String>,
}

impl AnswerForm {
    /// The answer.
    pub(crate) fn answer(&self) -> PasskeyAnswer<'_> {
        PasskeyAnswer { ceremony: &self.ceremony, credential: self.credential.as_bytes() }
    }

    /// The page to open afterwards.
    pub(crate) fn next(&self) -> String {
        redirect_location(self.next.as_deref())
    }
}

/// The WebAuthn relying party: the domain of the public URL and the origin that may ask.
#[derive(Clone, Debug)]
pub(crate) struct RelyingParty {
    pub(super) id: RpId,
    pub(super) origin: String,
}

impl RelyingParty {
    /// `None` where browsers allow no passkeys: without TLS, and for IP addresses. In development a loopback address uses the
    /// passkeys of `localhost`.
    pub(crate) fn of(config: &Config) -> Option<Self> {
        let url = &config.public_url;
        let (name, origin) = match url.host()? {
            Host::Domain(name) if config.is_https() || name == "localhost" || name.ends_with(".localhost") => {
                (name.to_owned(), url.origin().ascii_serialization())
            }
            Host::Ipv4(address) if address.is_loopback() && config.is_development() => {
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                ("localhost".to_owned(), format!("{}://localhost{port}", url.scheme()))
            }
            Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_) => return None,
        };
        Some(Self { id: RpId::Domain(AsciiDomain::try_from(name).ok()?), origin })
    }

    /// As [`RelyingParty::of`].
    ///
    /// # Errors
    /// 404 where passkeys are not possible.
    pub(super) fn required(config: &Config) -> Result<Self, Problem> {
        Self::of(config).ok_or_else(Problem::not_found)
    }

    /// The domain.
    pub(crate) fn domain(&self) -> &str {
        self.id.as_ref()
    }
}

/// The user handle that an authenticator stores: the id of the account.
pub(super) fn handle_of(user_id: UserId) -> Result<UserHandle16, Problem> {
    use webauthn_rp::bin::Decode as _;
    UserHandle16::decode(*user_id.uuid().as_bytes()).map_err(|_| codec_error("a user handle"))
}

/// The account of a user handle.
pub(super) fn owner_of(handle: &UserHandle16) -> Option<UserId> {
    Uuid::from_slice(handle.as_ref()).ok().map(UserId)
}

/// The problem `passkey_refused`; why is only logged.
pub(super) fn refused(status: StatusCode, why: impl fmt::Display) -> Problem {
    Problem::new(status, "passkey_refused").because(std::io::Error::other(why.to_string()))
}

/// 500 for a stored value that cannot be decoded or a value that cannot be encoded.
pub(super) fn codec_error(what: &str) -> Problem {
    Problem::internal(std::io::Error::other(format!("{what} cannot be encoded or decoded")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn party(environment: &str, url: &str) -> Option<(String, String)> {
        let settings = [("MACHIYA_ENV", environment), ("MACHIYA_PUBLIC_URL", url), ("STRIPE_SECRET_KEY", "sk_test_x")];
        let mut settings: BTreeMap<String, String> =
            settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        settings.insert("MACHIYA_STRIPE_WEBHOOK_SECRET".to_owned(), "whsec_x".to_owned());
        let party = RelyingParty::of(&Config::from_sources("", &settings).unwrap())?;
        Some((party.domain().to_owned(), party.origin))
    }

    #[test]
    fn passkeys_belong_to_the_domain_of_the_public_address() {
        let some = |domain: &str, origin: &str| Some((domain.to_owned(), origin.to_owned()));
        assert_eq!(party("production", "https://app.example"), some("app.example", "https://app.example"));
        assert_eq!(party("production", "https://app.example:8443/"), some("app.example", "https://app.example:8443"));
        assert_eq!(party("development", "http://localhost:8080"), some("localhost", "http://localhost:8080"));
        assert_eq!(party("development", "http://127.0.0.1:8080"), some("localhost", "http://localhost:8080"));
        assert_eq!(party("production", "http://127.0.0.1:8080"), None);
        assert_eq!(party("production", "http://app.example"), None);
        assert_eq!(party("production", "https://192.0.2.7"), None);
        assert_eq!(party("production", "https://[::1]"), None);
    }
}
