//! The handlers and schedules of every kind of job.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;
use time::Duration;

use super::model::{Attempt, Job, JobError};
use super::run::JobRun;
use crate::app::App;

type Outcome = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type Handler = Arc<dyn Fn(App, Attempt) -> Outcome + Send + Sync>;

/// Handlers by kind of job, and recurring jobs; made once at the start.
#[derive(Clone, Default)]
pub struct Registry {
    pub(super) kinds: BTreeMap<&'static str, Kind>,
    pub(super) schedules: Vec<Schedule>,
}

#[derive(Clone)]
pub(super) struct Kind {
    pub handler: Handler,
    pub on_dead: Option<Handler>,
    pub first_retry: Duration,
}

/// A recurring job.
#[derive(Clone)]
pub struct Schedule {
    pub(super) name: &'static str,
    pub(super) every: Duration,
    pub(super) payload: Value,
    pub(super) max_attempts: i32,
    pub(super) priority: i16,
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// `handler` runs jobs of the kind `J`.
    #[must_use]
    pub fn on<J, F, Fut>(mut self, handler: F) -> Self
    where
        J: Job,
        F: Fn(JobRun<J>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let kind = Kind { handler: erase(handler), on_dead: None, first_retry: J::FIRST_RETRY };
        self.kinds.insert(J::NAME, kind);
        self
    }

    /// `handler` runs once when a job of the kind `J` failed for good: it gave up, or its attempts ran out. The kind
    /// must have been registered by [`Registry::on`].
    #[must_use]
    pub fn on_dead<J, F, Fut>(mut self, handler: F) -> Self
    where
        J: Job,
        F: Fn(JobRun<J>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        if let Some(kind) = self.kinds.get_mut(J::NAME) {
            kind.on_dead = Some(erase(handler));
        }
        self
    }

    /// Enqueues `job` every `every`; at most one is open at a time.
    ///
    /// # Panics
    /// Never: a payload that cannot be written as JSON is null, and the handler fails.
    #[must_use]
    pub fn every<J: Job>(mut self, every: Duration, job: &J) -> Self {
        self.schedules.push(Schedule {
            name: J::NAME,
            every,
            payload: serde_json::to_value(job).unwrap_or(Value::Null),
            max_attempts: J::MAX_ATTEMPTS,
            priority: J::PRIORITY,
        });
        self
    }

    /// The names of all kinds.
    pub fn names(&self) -> Vec<String> {
        self.kinds.keys().map(|name| (*name).to_owned()).collect()
    }

    /// Both registries in one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.kinds.extend(other.kinds);
        self.schedules.extend(other.schedules);
        self
    }
}

fn erase<J, F, Fut>(handler: F) -> Handler
where
    J: Job,
    F: Fn(JobRun<J>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), JobError>> + Send + 'static,
{
    Arc::new(move |app, attempt| {
        let handler = handler.clone();
        Box::pin(async move {
            // A payload that no longer parses was written by another version; no try will change it.
            let payload = serde_json::from_value(attempt.claimed.payload.clone()).map_err(JobError::give_up)?;
            handler(JobRun::new(app, payload, attempt)).await
        })
    })
}
