//! The key of a stored file: a path that cannot leave its folder.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A key such as `usergen/{uid}/2026/11/1763690000000_{uuid}.png`: segments of ASCII letters, digits, `-`, `_` and `.`
/// that do not begin with a dot, at most 512 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct StorageKey(String);

/// The text is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a storage key")]
pub struct KeyError;

impl StorageKey {
    /// The key that `text` is.
    ///
    /// # Errors
    /// When it is not a key.
    pub fn new(text: impl Into<String>) -> Result<Self, KeyError> {
        let text = text.into();
        let fits = (1..=512).contains(&text.len())
            && text.split('/').all(|segment| {
                !segment.is_empty()
                    && !segment.starts_with('.')
                    && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            });
        if fits { Ok(Self(text)) } else { Err(KeyError) }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether anybody may read it without a signed link.
    pub fn is_public(&self) -> bool {
        self.0.starts_with("public/") || self.0.starts_with("catalog/")
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for StorageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for StorageKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl TryFrom<String> for StorageKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl From<StorageKey> for String {
    fn from(key: StorageKey) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_stay_in_their_folder() {
        assert!(StorageKey::new("usergen/0192/2026/11/1_a.png").is_ok());
        for bad in ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.hidden", "a\\b", "a b", "a\u{0}", "あ.png", "a/.."] {
            assert_eq!(StorageKey::new(bad), Err(KeyError), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn no_accepted_key_climbs(text in "[a-z./_\\\\-]{0,30}") {
            if let Ok(key) = StorageKey::new(text) {
                prop_assert!(!key.as_str().contains("..") || !key.as_str().split('/').any(|part| part.starts_with('.')));
                prop_assert!(!key.as_str().starts_with('/'));
            }
        }
    }
}
