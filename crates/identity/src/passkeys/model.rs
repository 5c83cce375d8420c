//! What a passkey is, and for whom authenticators keep it.

use std::fmt;
use std::str::FromStr;

use kernel::UserId;
use platform::Problem;
use platform::config::Config;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use url::Host;
use uuid::Uuid;
use webauthn_rp::request::register::UserHandle16;
use webauthn_rp::request::{AsciiDomain, RpId};

kernel::typed_id! {
    /// A passkey, as the platform knows it.
    PasskeyId,
}

/// How long an authenticator may take; the browser is told the same.
pub(super) const CEREMONY_LIFETIME: Duration = Duration::minutes(5);
/// Passkeys of one account at most.
pub(super) const PASSKEYS_MAX: i64 = 20;
/// Characters of a passkey's name at most.
pub(super) const NAME_CHARS_MAX: usize = 60;

/// A passkey, to its owner.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// Since when it opens the door.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last did.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<OffsetDateTime>,
}

/// What the challenge of a ceremony is for; an answer to one is none to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// A new passkey.
    Register,
    /// A log-in by a passkey alone.
    LogIn,
    /// The second proof of a log-in.
    SecondFactor,
    /// Somebody who is logged in proves again who they are.
    Prove,
}

/// For whom authenticators keep passkeys: the domain of the public address, and the origin that may ask.
#[derive(Clone, Debug)]
pub(crate) struct RelyingParty {
    pub(super) id: RpId,
    pub(super) origin: String,
}

impl RelyingParty {
    /// Nothing where browsers have no passkeys: without TLS, and at bare internet addresses. In development the platform at
    /// a loopback address takes the passkeys of `localhost`, which is the same machine by a name.
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
    /// 404 where there are none.
    pub(super) fn required(config: &Config) -> Result<Self, Problem> {
        Self::of(config).ok_or_else(Problem::not_found)
    }

    /// The domain.
    pub(crate) fn domain(&self) -> &str {
        self.id.as_ref()
    }
}

/// Who the owner is to an authenticator: the account's id, which says nothing to anybody else.
pub(super) fn handle_of(user_id: UserId) -> Result<UserHandle16, Problem> {
    use webauthn_rp::bin::Decode as _;
    UserHandle16::decode(*user_id.uuid().as_bytes()).map_err(|_| odd("a user handle"))
}

/// The account behind a user handle.
pub(super) fn owner_of(handle: &UserHandle16) -> Option<UserId> {
    Uuid::from_slice(handle.as_ref()).ok().map(UserId)
}

/// What was written by us and cannot be read by us.
pub(super) fn odd(what: &str) -> Problem {
    Problem::internal(std::io::Error::other(format!("{what} cannot be read or written")))
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
