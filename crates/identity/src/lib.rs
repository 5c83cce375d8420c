//! Identity: who somebody is, and how the platform knows.
//!
//! People with a mail address and a password, their sessions (a cookie for browsers, a bearer token for programs), their
//! role and standing.
//!
//! What always holds: only hashes of passwords and tokens are stored; a wrong password and an unknown address are
//! answered alike and in the same time; a session belongs to one person and ends on its day.
//!
//! Absent on purpose: what a person made, sold or bought.

pub mod account_settings;
pub mod api_tokens;
pub mod auth;
pub mod deletion;
pub mod email_changes;
pub mod email_verification;
mod emails;
pub mod exports;
mod layers;
mod login_methods;
pub mod login_throttle;
mod oidc;
pub mod one_time_links;
mod one_time_secret;
pub mod operators;
pub mod passkeys;
pub mod passwords;
pub mod reauthentication;
pub mod recovery;
mod scopes;
mod sealing;
pub mod second_factor;
pub mod sessions;
mod supabase_tokens;
mod totp;
pub mod users;

use http::StatusCode;
use kernel::{AccountStatus, UserActor};
use platform::Problem;
use platform::jobs::Registry;
use time::Duration;

pub use layers::wrap;
pub use scopes::ROUTE_SCOPES;
pub use sessions::require_recent_proof;
pub use totp::reseal;

/// Refuses what a banned account may not do: make, publish and buy.
///
/// # Errors
/// 403 `account_banned`.
pub fn require_good_standing(user: &UserActor) -> Result<(), Problem> {
    match user.status {
        AccountStatus::Active => Ok(()),
        AccountStatus::Banned => Err(Problem::new(StatusCode::FORBIDDEN, "account_banned")),
    }
}

/// The queued work of identity.
pub fn work() -> Registry {
    Registry::new()
        .on(one_time_links::clear_ended)
        .every(Duration::minutes(10), &one_time_links::ClearLinks {})
        .on(recovery::send)
        .on(second_factor::sweep)
        .every(Duration::hours(1), &second_factor::SweepChallenges {})
        .on(login_throttle::sweep)
        .every(Duration::hours(6), &login_throttle::SweepGuesses {})
        .on(sessions::sweep)
        .every(Duration::hours(24), &sessions::SweepSessions {})
}
