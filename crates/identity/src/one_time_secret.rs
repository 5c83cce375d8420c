//! A secret that is handed out once and comes back once: 256 random bits, of which only the hash is kept.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Random;
use sha2::{Digest as _, Sha256};

const CHARS: usize = 43;

/// The secret as text: 43 characters of the URL-safe base64 alphabet.
#[derive(Clone)]
pub(crate) struct OneTimeSecret(String);

impl OneTimeSecret {
    /// A new one.
    pub(crate) fn generate(random: &Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random.bytes::<32>()))
    }

    /// Reads what came back; nothing when it cannot be one, so that the database is not asked.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let fits =
            text.len() == CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        fits.then(|| Self(text.to_owned()))
    }

    /// The secret itself.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored. A fast hash is enough for 256 bits.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for OneTimeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeSecret")
    }
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
