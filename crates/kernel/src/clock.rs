//! The clock: the only source of the current time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use time::{Duration, OffsetDateTime};

/// A source of the current time, in UTC with microsecond precision, which is what PostgreSQL stores.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The time of the machine.
    System,
    /// A time that a test sets.
    Manual(ManualClock),
}

impl Clock {
    /// The current time, truncated to whole microseconds so that a stored value reads back equal.
    pub fn now(&self) -> OffsetDateTime {
        match self {
            Self::System => {
                #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
                let now = OffsetDateTime::now_utc();
                now.replace_nanosecond(now.microsecond() * 1_000).unwrap_or(now)
            }
            Self::Manual(manual) => manual.now(),
        }
    }
}

/// A clock that stands still until it is moved.
#[derive(Clone, Debug)]
pub struct ManualClock {
    unix_micros: Arc<AtomicI64>,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn starting_at(start: OffsetDateTime) -> Self {
        Self { unix_micros: Arc::new(AtomicI64::new(to_micros(start))) }
    }

    /// The time shown.
    pub fn now(&self) -> OffsetDateTime {
        let nanos = i128::from(self.unix_micros.load(Ordering::SeqCst)) * 1_000;
        OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Moves the clock by `step`, which may be negative.
    pub fn advance(&self, step: Duration) {
        let micros = i64::try_from(step.whole_microseconds()).unwrap_or(i64::MAX);
        self.unix_micros.fetch_add(micros, Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, moment: OffsetDateTime) {
        self.unix_micros.store(to_micros(moment), Ordering::SeqCst);
    }
}

fn to_micros(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}
