//! Encrypts secrets that the database stores and must not be able to read: XChaCha20-Poly1305 with the sealing key.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use kernel::Random;
use platform::Problem;
use platform::config::Config;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};

/// The first byte of every sealed value: the version of its format.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;

/// Seals with the first configured key and opens with any of them. While a key is replaced, the setting holds the new key
/// and, on the next line, the old one.
pub(crate) struct Sealer {
    current: XChaCha20Poly1305,
    previous: Vec<XChaCha20Poly1305>,
}

/// A sealed value does not open: another key, another context or changed bytes.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value cannot be opened; was it sealed with another sealing key?")]
pub(crate) struct SealError;

impl From<SealError> for Problem {
    fn from(error: SealError) -> Self {
        Self::internal(error)
    }
}

impl Sealer {
    /// The sealer of an installation.
    ///
    /// # Errors
    /// 500 without a configured key; the program does not start without one.
    pub(crate) fn of(config: &Config) -> Result<Self, Problem> {
        let key = config.sealing_key.as_ref();
        let none = || Problem::internal(std::io::Error::other("no sealing key is configured"));
        let key = key.ok_or_else(none)?;
        let cipher = |line: &str| {
            let bytes = Sha256::new().chain_update("machiya sealing 1\0").chain_update(line).finalize();
            XChaCha20Poly1305::new(&bytes.0.into())
        };
        let mut keys = key.expose_secret().lines().map(str::trim).filter(|line| !line.is_empty()).map(cipher);
        Ok(Self { current: keys.next().ok_or_else(none)?, previous: keys.collect() })
    }

    /// Seals `secret` for a `context` (what it is and whose it is); it does not open in another context.
    pub(crate) fn seal(&self, random: &Random, context: &str, secret: &[u8]) -> Vec<u8> {
        let nonce = random.bytes::<NONCE_BYTES>();
        let payload = Payload { msg: secret, aad: context.as_bytes() };
        #[expect(clippy::expect_used, reason = "only a message of more than 256 GiB cannot be sealed")]
        let ciphertext = self.current.encrypt(&XNonce::from(nonce), payload).expect("a short message is sealed");
        let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + ciphertext.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        sealed
    }

    /// Opens a value that was sealed for `context`.
    pub(crate) fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (version, rest) = sealed.split_first().ok_or(SealError)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError)?;
        if *version != VERSION {
            return Err(SealError);
        }
        let open = |key: &XChaCha20Poly1305| {
            let payload = Payload { msg: ciphertext, aad: context.as_bytes() };
            key.decrypt(&XNonce::from(*nonce), payload).ok()
        };
        std::iter::once(&self.current).chain(&self.previous).find_map(open).ok_or(SealError)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn sealer(key: &str) -> Sealer {
        let environment = BTreeMap::from([("MACHIYA_SEALING_KEY".to_owned(), key.to_owned())]);
        Sealer::of(&Config::from_sources("", &environment).unwrap()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_and_with_its_key_only() {
        let (ours, theirs) = (sealer(&"k".repeat(32)), sealer(&"l".repeat(32)));
        let random = Random::seeded(1);
        let sealed = ours.seal(&random, "totp/1", b"a secret");
        assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
        assert_ne!(sealed, ours.seal(&random, "totp/1", b"a secret"), "no two seals are alike");
        assert_eq!(ours.open("totp/1", &sealed).unwrap(), b"a secret");
        assert!(ours.open("totp/2", &sealed).is_err());
        assert!(theirs.open("totp/1", &sealed).is_err());
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(ours.open("totp/1", &changed).is_err(), "byte {place}");
        }
        // While a key is replaced the old one still opens, and nothing new is sealed with it.
        let both = sealer(&format!("{}\n{}\n", "l".repeat(32), "k".repeat(32)));
        assert_eq!(both.open("totp/1", &sealed).unwrap(), b"a secret");
        let anew = both.seal(&random, "totp/1", b"a secret");
        assert!(ours.open("totp/1", &anew).is_err());
        assert_eq!(theirs.open("totp/1", &anew).unwrap(), b"a secret");
        assert!(ours.open("totp/1", &sealed[..20]).is_err());
        assert!(ours.open("totp/1", &[]).is_err());
    }
}
