//! Passwords: argon2id, hashed a few at a time.
//!
//! Parameters and rules from NIST 800-63B-4 and OWASP as in reference/security.md: 15 characters or more, no
//! composition rules; m = 19 MiB, t = 2, p = 1.

mod hash;
mod queries;

use kernel::UserId;
use platform::{DatabaseFault, FieldProblem};
use sqlx::PgConnection;
use time::OffsetDateTime;

pub use hash::{PasswordHash, hash, verify};

/// The fewest characters of a password that is the only factor.
pub const PASSWORD_CHARS_MIN: usize = 15;
/// The most; a longer one costs time and adds nothing.
pub const PASSWORD_CHARS_MAX: usize = 256;

/// Checks a password that somebody chose.
///
/// # Errors
/// What is wrong with the field `password`.
pub fn check_new(password: &str) -> Result<(), FieldProblem> {
    let count = password.chars().count();
    if count == 0 {
        Err(FieldProblem::new("password", "required"))
    } else if count < PASSWORD_CHARS_MIN {
        Err(FieldProblem::new("password", "too_short").with("min", PASSWORD_CHARS_MIN))
    } else if count > PASSWORD_CHARS_MAX {
        Err(FieldProblem::new("password", "too_long").with("max", PASSWORD_CHARS_MAX))
    } else {
        Ok(())
    }
}

/// Sets the password of an account.
///
/// # Errors
/// When the database does not answer.
pub async fn store(
    tx: &mut PgConnection,
    user_id: UserId,
    hash: &PasswordHash,
    now: OffsetDateTime,
) -> Result<(), DatabaseFault> {
    queries::upsert(tx, user_id, hash.as_str(), now).await
}
