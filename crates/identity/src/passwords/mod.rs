//! Passwords: argon2id, hashed a few at a time.
//!
//! Parameters and rules from NIST 800-63B-4 and OWASP as in reference/security.md: 15 characters or more, 8 beside a
//! second factor, no composition rules, nothing that is common or about the person; m = 19 MiB, t = 2, p = 1.

mod change;
mod hash;
mod policy;
mod queries;
#[cfg(test)]
mod tests;

use kernel::UserId;
use platform::DatabaseError;
use sqlx::PgConnection;
use time::OffsetDateTime;

pub(crate) use change::routes;
pub use change::{change, described};
pub use hash::{PasswordHash, hash, verify};
pub use policy::{NewPassword, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, PASSWORD_CHARS_MIN_BESIDE_SECOND_FACTOR};

/// Sets the password of an account.
///
/// # Errors
/// When the database does not answer.
pub async fn store(
    tx: &mut PgConnection,
    user_id: UserId,
    hash: &PasswordHash,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    queries::upsert(tx, user_id, hash.as_str(), now).await
}

/// The hash of an account's password, when it has one.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn stored(tx: &mut PgConnection, user_id: UserId) -> Result<Option<String>, DatabaseError> {
    queries::find(tx, user_id).await
}
