//! What a banned account may not do.

use http::StatusCode;
use kernel::{AccountStatus, UserActor};
use platform::Problem;

/// Refuses a banned account. Generating, publishing and buying ask this first.
///
/// # Errors
/// 403 `account_banned`.
pub fn require_active(user: &UserActor) -> Result<(), Problem> {
    match user.status {
        AccountStatus::Active => Ok(()),
        AccountStatus::Banned => Err(Problem::new(StatusCode::FORBIDDEN, "account_banned")),
    }
}
