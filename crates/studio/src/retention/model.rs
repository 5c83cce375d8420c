//! What a notice is, and the work of clearing away.

use platform::jobs::Job;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// How long before anything goes its owner is told that their plan keeps less.
pub const NOTICE_PERIOD: Duration = Duration::days(30);

/// How many days before a picture goes its pages begin to say so.
pub(crate) const WARNED_BEFORE: Duration = Duration::days(7);

/// Removes what is past its time: rows and files, in batches.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RemoveExpired {}

impl Job for RemoveExpired {
    const NAME: &'static str = "studio.remove_expired";
    // The next one of the schedule goes on where this one stopped.
    const MAX_ATTEMPTS: i32 = 1;
    const PRIORITY: i16 = -10;
}

/// A notice that somebody's plan keeps less than the one before, as long as it can still be withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How many days what was made is kept from then on.
    pub history_days: i32,
    /// When that begins.
    pub takes_effect_at: OffsetDateTime,
}

/// How many whole days are left, and at least one.
pub(crate) fn days_left(now: OffsetDateTime, goes_at: OffsetDateTime) -> i64 {
    let left = goes_at - now;
    let begun = i64::from(left > Duration::days(left.whole_days()));
    (left.whole_days() + begun).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_has_begun_counts() {
        let now = OffsetDateTime::UNIX_EPOCH;
        for (left, days) in [
            (Duration::minutes(-5), 1),
            (Duration::ZERO, 1),
            (Duration::hours(1), 1),
            (Duration::days(1), 1),
            (Duration::hours(25), 2),
            (Duration::days(7), 7),
        ] {
            assert_eq!(days_left(now, now + left), days, "{left}");
        }
    }
}
