//! Identity: who somebody is, and how the house knows.
//!
//! People with a mail address and a password, their sessions (a cookie for browsers, a bearer token for programs), their
//! role and standing.
//!
//! What always holds: only hashes of passwords and tokens are stored; a wrong password and an unknown address are
//! answered alike and in the same time; a session belongs to one person and ends on its day.
//!
//! Absent on purpose: what a person made, sold or bought.

pub mod account;
pub mod accounts;
pub mod api_tokens;
pub mod deletion;
pub mod email_changes;
pub mod email_verification;
pub mod exports;
pub mod guessing;
mod layers;
mod letters;
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
mod ways_in;

use http::StatusCode;
use kernel::{Standing, UserActor};
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
    match user.standing {
        Standing::Good => Ok(()),
        Standing::Banned => Err(Problem::new(StatusCode::FORBIDDEN, "account_banned")),
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
        .on(guessing::sweep)
        .every(Duration::hours(6), &guessing::SweepGuesses {})
        .on(sessions::sweep)
        .every(Duration::hours(24), &sessions::SweepSessions {})
}
