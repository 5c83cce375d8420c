//! Identity: who somebody is, and how the house knows.
//!
//! People with a mail address and a password, their sessions (a cookie for browsers, a bearer token for programs), their
//! role and standing.
//!
//! What always holds: only hashes of passwords and tokens are stored; a wrong password and an unknown address are
//! answered alike and in the same time; a session belongs to one person and ends on its day.
//!
//! Absent on purpose: what a person made, sold or bought.

pub mod accounts;
mod layers;
pub mod one_time_links;
pub mod passwords;
pub mod sessions;
pub mod users;

use http::StatusCode;
use kernel::{Standing, UserActor};
use platform::Problem;
use platform::jobs::Registry;
use time::Duration;

pub use layers::wrap;
pub use sessions::require_recent_proof;

/// Refuses what a banned account may not do: make, publish and buy.
///
/// # Errors
/// 403 `account_banned`.
pub fn require_good_standing(user: &UserActor) -> Result<(), Problem> {
    match user.standing {
        Standing::Good => Ok(()),
        Standing::Banned => Err(Problem::new(StatusCode::FORBIDDEN, "account_banned")),
    }
}

/// The queued work of identity.
pub fn work() -> Registry {
    Registry::new().on(one_time_links::clear_ended).every(Duration::minutes(10), &one_time_links::ClearLinks {})
}
