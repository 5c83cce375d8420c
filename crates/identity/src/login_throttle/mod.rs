//! Throttling of password attempts: each attempt is counted before it is checked, and the wait doubles after five.
//!
//! What always holds: of many concurrent attempts no more pass than would pass one after the other; attempts from unknown
//! browsers never make a browser wait in which the owner has logged in before; of a mail address only a hash is kept.

pub(crate) mod devices;
pub(crate) mod model;
pub(crate) mod queries;
mod sweep;
#[cfg(test)]
mod tests;
pub(crate) mod throttle;

use platform::jobs::Registry;
use time::Duration;

/// The jobs of login throttling.
pub(crate) fn jobs() -> Registry {
    Registry::new().on(sweep::sweep_login_attempts).every(Duration::hours(6), &sweep::SweepLoginAttempts {})
}
