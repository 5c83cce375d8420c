//! The jobs about one attempt, as they are queued.

use platform::jobs::Job;
use serde::{Deserialize, Serialize};

use super::ids::AttemptId;

/// Ask the provider about this attempt.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckAttempt {
    /// The attempt.
    pub(crate) attempt_id: AttemptId,
}

impl Job for CheckAttempt {
    const NAME: &'static str = "payments.check_attempt";
    const MAX_ATTEMPTS: i32 = 2;
}

/// Capture what the buyer has approved.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CaptureAttempt {
    /// The attempt.
    pub(crate) attempt_id: AttemptId,
}

impl Job for CaptureAttempt {
    const NAME: &'static str = "payments.capture_attempt";
    const MAX_ATTEMPTS: i32 = 12;
    /// Somebody has paid and waits.
    const PRIORITY: i16 = 10;
}
