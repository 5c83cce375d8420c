//! Waiting between attempts, which tests skip and record.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Waits, or in tests notes how long it would have waited.
#[derive(Clone, Debug)]
pub enum Sleeper {
    /// Really waits.
    Timer,
    /// Returns at once and keeps the list of pauses.
    Recorded(Arc<Mutex<Vec<Duration>>>),
}

impl Sleeper {
    /// Waits for `pause`.
    pub(crate) async fn sleep(&self, pause: Duration) {
        match self {
            Self::Timer => tokio::time::sleep(pause).await,
            Self::Recorded(pauses) => pauses.lock().unwrap_or_else(PoisonError::into_inner).push(pause),
        }
    }
}
