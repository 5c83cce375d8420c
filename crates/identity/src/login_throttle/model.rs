//! What a password attempt is counted by, and how long the next one waits.

use std::net::{IpAddr, Ipv6Addr};

use sha2::{Digest as _, Sha256};
use time::Duration;

use crate::secret_token::secret_token;
use crate::users::email::EmailAddress;

/// Attempts in a row without a wait; the next waits two seconds, and each after it twice as long.
pub(super) const FREE_ATTEMPTS: i32 = 5;
/// The longest wait. At this pace an attacker makes fewer attempts in a year than the 100 at which NIST 800-63B-4 (§3.2.2)
/// would stop within a week.
pub(super) const WAIT_MAX: Duration = Duration::hours(1);
/// After this long without an attempt the count starts again.
pub(super) const RESET_AFTER: Duration = Duration::hours(24);

secret_token! {
    /// The secret of a known browser.
    pub(crate) DeviceToken, ""
}

/// What an attempt is counted by.
#[derive(Clone, Debug)]
pub(crate) enum LoginAttempt {
    /// An account (existing or not), from a browser that is not known there.
    Account(EmailAddress),
    /// A browser in which the owner of the account has logged in before.
    Device(DeviceToken),
}

impl LoginAttempt {
    /// The name of the counter in the database and in metrics.
    pub(super) const fn subject(&self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Device(_) => "device",
        }
    }

    /// The SHA-256 hash of the address or of the browser's secret.
    pub(super) fn key(&self) -> Vec<u8> {
        match self {
            Self::Account(email) => Sha256::digest(email.as_str().as_bytes()).to_vec(),
            Self::Device(token) => token.hash(),
        }
    }
}

/// The key of an IP address in rate limits: the address, of IPv6 the /64 network, because one caller has a whole /64.
pub(crate) fn address_key(address: Option<IpAddr>) -> String {
    match address {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => address.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            },
            |address| address.to_string(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_is_one_caller() {
        let key = |text: &str| address_key(text.parse().ok());
        assert_eq!(key("203.0.113.9"), "203.0.113.9");
        assert_eq!(key("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2:ffff::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(address_key(None), "unknown");
    }
}
