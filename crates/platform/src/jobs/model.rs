//! Jobs: their kinds, states, errors and retry times.

use serde::Serialize;
use serde::de::DeserializeOwned;
use time::{Duration, OffsetDateTime};

use kernel::JobId;

/// A kind of work; the value itself is the payload.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable name, `domain.verb_object`.
    const NAME: &'static str;
    /// The most attempts before the job is dead.
    const MAX_ATTEMPTS: i32 = 8;
    /// Higher runs first.
    const PRIORITY: i16 = 0;
    /// Wait before the second attempt; doubled for each further one, with jitter, up to an hour.
    const FIRST_RETRY: Duration = Duration::seconds(2);
}

/// Why an attempt did not succeed.
#[derive(Debug)]
pub enum JobError {
    /// Retry after the usual wait, or after `after` where that is longer.
    Retry {
        /// The wait that a provider asked for.
        after: Option<Duration>,
        /// For the log and the operator.
        reason: anyhow::Error,
    },
    /// Fail for good.
    GiveUp(anyhow::Error),
    /// Another worker holds the lease; this attempt must have no effect.
    LeaseLost,
}

impl JobError {
    /// Fails for good because of `reason`.
    pub fn give_up(reason: impl Into<anyhow::Error>) -> Self {
        Self::GiveUp(reason.into())
    }

    /// Retries after `after`, because of `reason`.
    pub fn retry_after(after: Duration, reason: impl Into<anyhow::Error>) -> Self {
        Self::Retry { after: Some(after), reason: reason.into() }
    }
}

impl<E: Into<anyhow::Error>> From<E> for JobError {
    /// Any other error is retried.
    fn from(reason: E) -> Self {
        Self::Retry { after: None, reason: reason.into() }
    }
}

/// The state of a job (`jobs.state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum JobState {
    /// Waiting for `run_at` or a worker.
    Queued,
    /// Leased by a worker.
    Running,
    /// Ended well.
    Succeeded,
    /// Given up by its handler: no further attempt would help.
    Failed,
    /// Out of attempts.
    Dead,
    /// Cancelled before it ended.
    Cancelled,
}

impl JobState {
    /// Whether the job has ended.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// A job as its owner sees it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// The job.
    pub id: JobId,
    /// Its kind.
    pub name: String,
    /// Its state.
    pub state: JobState,
    /// 0 to 100.
    pub progress_percent: i16,
    /// A stable word for what is being done.
    pub progress_stage: String,
    /// The result that the handler left for the owner.
    pub outcome: Option<serde_json::Value>,
    /// When it last changed; the id of its progress events.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A claimed job, as the worker sees it.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub id: JobId,
    pub name: String,
    pub payload: serde_json::Value,
    pub attempts: i32,
    pub max_attempts: i32,
    pub lease_token: uuid::Uuid,
    /// The session of the worker that claimed it.
    pub lease_session: i64,
    /// The request that caused it to be enqueued.
    pub request_id: uuid::Uuid,
}

/// An attempt, and whether its handler has already ended the job in the transaction of its effect.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub claimed: Claimed,
    pub has_ended: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl Attempt {
    pub(crate) fn of(claimed: &Claimed) -> Self {
        Self { claimed: claimed.clone(), has_ended: std::sync::Arc::default() }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended.load(std::sync::atomic::Ordering::Acquire)
    }
}

/// The wait before the attempt after `attempts`: doubling, between half and all of it by `jitter` (0 to 1023), at most
/// an hour.
pub(crate) fn retry_wait(first: Duration, attempts: i32, jitter: u64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    let full_ms = first.whole_milliseconds().saturating_mul(1_i128 << doublings).min(3_600_000);
    let half_ms = full_ms / 2;
    let wait_ms = half_ms + half_ms * i128::from(jitter.min(1_023)) / 1_023;
    Duration::milliseconds(i64::try_from(wait_ms).unwrap_or(3_600_000))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_wait_grows_and_is_bounded(attempts in 1..100_i32, jitter in 0..1_024_u64) {
            let first = Duration::seconds(2);
            let wait = retry_wait(first, attempts, jitter);
            prop_assert!(wait >= Duration::seconds(1) && wait <= Duration::hours(1));
            prop_assert!(retry_wait(first, attempts + 1, jitter) >= wait);
        }
    }
}
