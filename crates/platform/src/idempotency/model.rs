//! A key that is held by a running request, and how long keys are kept.

use kernel::UserId;
use time::{Duration, OffsetDateTime};

/// How long an answer is kept.
const ANSWER_KEPT: Duration = Duration::hours(24);
/// After this a request that never ended counts as dead.
const ABANDONED_AFTER: Duration = Duration::minutes(5);

/// A key that a running request holds. `reserved_at` distinguishes it from an earlier hold on the same key.
#[derive(Clone, Debug)]
pub(crate) struct Reservation {
    pub owner_id: UserId,
    /// Method and path.
    pub scope: String,
    pub key: String,
    pub reserved_at: OffsetDateTime,
}

/// Before which moments kept answers and abandoned reservations end.
pub(super) const fn horizons(now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
    (now.saturating_sub(ANSWER_KEPT), now.saturating_sub(ABANDONED_AFTER))
}
