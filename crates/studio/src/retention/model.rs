//! Notices of shorter retention, and the job that removes what has expired.

use credits::plans;
use kernel::UserId;
use platform::jobs::Job;
use platform::{DatabaseError, Tx};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::generations::spec::Retention;

/// A day of retention: 24 hours, also where clocks change in summer.
pub(crate) const DAY: Duration = Duration::hours(24);

/// How long before anything is removed its owner is notified that their plan keeps less.
pub(crate) const NOTICE_PERIOD: Duration = Duration::days(30);

/// How long before a picture expires its pages begin to show the date.
pub(crate) const WARNED_BEFORE: Duration = Duration::days(7);

/// Removes what is past its time: rows and files, in batches.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct RemoveExpired {}

impl Job for RemoveExpired {
    const NAME: &'static str = "studio.remove_expired";
    // The next scheduled run continues where this one stopped.
    const MAX_ATTEMPTS: i32 = 1;
    const PRIORITY: i16 = -10;
}

/// A notice that an account's plan keeps less than the one before; it can still be withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// How many days what was made is kept from then on.
    pub history_days: i32,
    /// When that begins.
    pub takes_effect_at: OffsetDateTime,
}

/// When something that an account makes now expires under its plan; `None` is never.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn expiry_of(
    tx: &mut Tx,
    user_id: UserId,
    retention: Retention,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, DatabaseError> {
    let days = plans::history_days(tx, &[user_id]).await?.get(&user_id).copied().flatten();
    let by_plan = days.map(|days| now + DAY * days);
    Ok(match retention {
        Retention::Plan => by_plan,
        Retention::PlanAtMost(lifetime) => Some(by_plan.map_or(now + lifetime, |until| until.min(now + lifetime))),
    })
}

/// How many whole days are left, and at least one.
pub(crate) fn days_left(now: OffsetDateTime, removal_due_at: OffsetDateTime) -> i64 {
    let left = removal_due_at - now;
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
