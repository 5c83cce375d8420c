//! The hash of a password.

use std::fmt;

/// The argon2id hash of a password in PHC string format. Its `Debug` form does not show it.
#[derive(Clone)]
pub struct PasswordHash(pub(super) String);

impl PasswordHash {
    /// The PHC string.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}
