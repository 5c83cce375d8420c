//! Secrets that a caller presents: 256 random bits as text, of which the database keeps only the SHA-256 hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Random;
use sha2::{Digest as _, Sha256};

/// Characters of a secret behind its prefix: 32 bytes in URL-safe base64 without padding.
pub(crate) const SECRET_CHARS: usize = 43;

/// A new secret with this prefix.
pub(crate) fn generate(prefix: &str, random: &Random) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random.bytes::<32>()))
}

/// Whether a text has the form of a secret with this prefix.
pub(crate) fn is_well_formed(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        rest.len() == SECRET_CHARS
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

/// The SHA-256 hash of a secret. A fast hash is enough for 256 random bits.
pub(crate) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Declares a type of secret with its prefix. Its `Debug` form never shows the secret.
macro_rules! secret_token {
    ($(#[$meta:meta])* $vis:vis $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone)]
        $vis struct $name(String);

        impl $name {
            /// Draws a new secret.
            $vis fn generate(random: &::kernel::Random) -> Self {
                Self($crate::secret_token::generate($prefix, random))
            }

            /// Reads what a caller presented; `None` when it has another form, so that the database is not queried.
            $vis fn parse(text: &str) -> Option<Self> {
                $crate::secret_token::is_well_formed($prefix, text).then(|| Self(text.to_owned()))
            }

            /// The secret itself, to be sent to its owner once.
            $vis fn reveal(&self) -> &str {
                &self.0
            }

            /// What the database keeps.
            $vis fn hash(&self) -> Vec<u8> {
                $crate::secret_token::hash(&self.0)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}
pub(crate) use secret_token;

secret_token! {
    /// The secret of something that is used once: a link, a login challenge, a passkey ceremony, an OIDC flow.
    pub(crate) OneTimeSecret, ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_one_of_ours_is_looked_up() {
        let secret = OneTimeSecret::generate(&Random::seeded(7));
        assert_eq!(OneTimeSecret::parse(secret.reveal()).map(|read| read.hash()), Some(secret.hash()));
        for odd in ["", "short", &"a".repeat(44), &format!("{}'", "a".repeat(42)), &"あ".repeat(43)] {
            assert!(OneTimeSecret::parse(odd).is_none(), "{odd}");
        }
        assert_eq!(format!("{secret:?}"), "OneTimeSecret");
    }
}
