//! Names for bytes: the SHA-256 of the content, so that the same file has the same name and a changed one is noticed.

use sha2::{Digest as _, Sha256};
use std::fmt;

/// The SHA-256 of some bytes (32 bytes). Shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentAddress([u8; 32]);

impl ContentAddress {
    /// The address of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn from_hex(digits: &str) -> Option<Self> {
        let mut digest = [0; 32];
        hex::decode_to_slice(digits, &mut digest).ok()?;
        Some(Self(digest))
    }

    /// The 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// The 32 raw bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ContentAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_hex())
    }
}

impl fmt::Debug for ContentAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ContentAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::ContentAddress;

    #[test]
    fn the_published_digest_of_abc() {
        let address = ContentAddress::of(b"abc");
        assert_eq!(address.to_hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(ContentAddress::from_hex(&address.to_hex()), Some(address));
    }

    #[test]
    fn only_sixty_four_hexadecimal_digits_are_an_address() {
        assert_eq!(ContentAddress::from_hex("ba78"), None);
        assert_eq!(ContentAddress::from_hex(&"z".repeat(64)), None);
    }
}
