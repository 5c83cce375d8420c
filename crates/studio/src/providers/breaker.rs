//! A circuit breaker per provider and model: it opens after failures in a row, lets one trial pass after a pause, and
//! closes when the trial succeeds.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

use super::model::{Failure, ProviderKind};

/// Failures in a row that open the circuit.
const FAILURES_MAX: u32 = 5;
/// How long the circuit stays open; each failed trial doubles it up to [`REST_MAX`].
const REST_MIN: Duration = Duration::seconds(30);
const REST_MAX: Duration = Duration::minutes(10);

/// The circuits of all models that were asked since the program started.
#[derive(Debug, Default)]
pub(super) struct Breakers {
    lines: Mutex<HashMap<(ProviderKind, String), Line>>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    failures: u32,
    rest: Duration,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Requests pass, but not before this moment, if the provider asked to wait.
    Closed { not_before: OffsetDateTime },
    /// No request passes before this moment.
    Open { until: OffsetDateTime },
    /// One trial is on its way; should it never report, another may go at this moment.
    Trial { given_up_at: OffsetDateTime },
}

impl Default for Line {
    fn default() -> Self {
        Self { failures: 0, rest: REST_MIN, state: State::Closed { not_before: OffsetDateTime::UNIX_EPOCH } }
    }
}

impl Breakers {
    /// Lets a request pass, or returns how long to wait.
    pub(super) fn admit(&self, kind: ProviderKind, model: &str, now: OffsetDateTime) -> Result<(), Duration> {
        self.with(kind, model, |line| match line.state {
            State::Closed { not_before: wait_until } | State::Trial { given_up_at: wait_until } if wait_until > now => {
                Err(wait_until - now)
            }
            State::Closed { .. } => Ok(()),
            State::Open { until } if until > now => Err(until - now),
            State::Open { .. } | State::Trial { .. } => {
                line.state = State::Trial { given_up_at: now + REST_MAX };
                Ok(())
            }
        })
    }

    /// The model answered, with a picture or with a refusal: the provider works.
    pub(super) fn succeeded(&self, kind: ProviderKind, model: &str) {
        self.with(kind, model, |line| *line = Line::default());
    }

    /// Notes how a request failed.
    pub(super) fn failed(&self, kind: ProviderKind, model: &str, failure: &Failure, now: OffsetDateTime) {
        match failure {
            Failure::Retryable { after: Some(after), cause: "too many requests" } => {
                // A rate limit is no failure: the provider works, and names the pause.
                let not_before = now + *after;
                self.with(kind, model, |line| *line = Line { state: State::Closed { not_before }, ..Line::default() });
            }
            Failure::Retryable { .. } | Failure::Unknown { .. } => self.with(kind, model, |line| {
                line.failures += 1;
                if matches!(line.state, State::Trial { .. }) || line.failures >= FAILURES_MAX {
                    line.state = State::Open { until: now + line.rest };
                    line.rest = Duration::min(line.rest * 2, REST_MAX);
                }
            }),
            Failure::Refused { .. }
            | Failure::QuotaExhausted
            | Failure::BadAnswer { .. }
            | Failure::Misconfigured { .. } => self.succeeded(kind, model),
        }
    }

    fn with<T>(&self, kind: ProviderKind, model: &str, change: impl FnOnce(&mut Line) -> T) -> T {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        change(lines.entry((kind, model.to_owned())).or_default())
    }
}
