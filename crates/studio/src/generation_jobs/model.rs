//! An execution: one generation given to the queue and a provider.

use http::StatusCode;
use kernel::{AiJobId, GenerationId, UserId};
use platform::Problem;
use platform::jobs::{Job, JobState};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};

use crate::generations::GenerationStatus;
use crate::providers::ProviderKind;
use crate::wardrobe::Answers;

/// Makes the picture of a generation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct GenerateImage {
    /// The generation.
    pub generation_id: GenerationId,
}

impl Job for GenerateImage {
    const NAME: &'static str = "studio.make_picture";
    const MAX_ATTEMPTS: i32 = 4;
    // Somebody is watching: a dead worker is replaced within half a minute.
    const LEASE: Duration = Duration::seconds(30);
    const FIRST_RETRY: Duration = Duration::seconds(10);
}

/// Ends executions whose job ended without telling: a worker died between the end and its consequence.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SettleOrphans {}

impl Job for SettleOrphans {
    const NAME: &'static str = "studio.settle_orphans";
    const MAX_ATTEMPTS: i32 = 1;
}

/// The code of an execution that ended because workers kept dying.
pub(super) const INTERRUPTED: &str = "making_interrupted";

/// Requests with an unknown end after which nobody asks again: each may have been billed.
pub(super) const UNKNOWN_CALLS_MAX: i32 = 2;

/// An execution as its owner sees it.
#[derive(Clone, Debug)]
pub struct Execution {
    /// The execution, and its job in the queue.
    pub id: AiJobId,
    /// What is being made.
    pub generation_id: GenerationId,
    /// Where it stands.
    pub status: GenerationStatus,
    /// Why there is no picture.
    pub failure_code: Option<String>,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
    /// When it last changed; the id of its events.
    pub updated_at: OffsetDateTime,
    /// Where its job stands, as long as the queue remembers.
    pub queue_state: Option<JobState>,
    /// How far the work is.
    pub percent: Option<i16>,
    /// What is being done.
    pub stage: Option<String>,
}

impl Execution {
    /// How far it is, and a stable word for what is being done: `queued`, `drawing`, `checking`, `storing`, `retrying`,
    /// or how it ended.
    pub fn progress(&self) -> (i16, &str) {
        match self.status {
            GenerationStatus::Completed => (100, "completed"),
            GenerationStatus::Failed => (self.percent.unwrap_or(0), "failed"),
            GenerationStatus::Refused => (self.percent.unwrap_or(0), "refused"),
            GenerationStatus::Cancelled => (self.percent.unwrap_or(0), "cancelled"),
            GenerationStatus::Queued | GenerationStatus::Processing => {
                let stage = match self.stage.as_deref() {
                    Some("running") => "drawing",
                    Some("waiting") => "retrying",
                    Some(known @ ("drawing" | "checking" | "storing")) => known,
                    _ => "queued",
                };
                (self.percent.unwrap_or(0), stage)
            }
        }
    }
}

/// What a worker needs to make a picture.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub generation_id: GenerationId,
    pub user_id: UserId,
    pub status: GenerationStatus,
    pub provider: ProviderKind,
    pub model: String,
    pub prompt: String,
    pub negative_prompt: Option<String>,
    pub aspect_ratio: String,
    pub size: Option<String>,
    pub seed: i64,
    pub answers: Option<Json<Answers>>,
    pub created_at: OffsetDateTime,
    pub unknown_calls: i32,
}

/// Every code with which an execution can end, and what it means as an answer to a request.
const FAILURES: [(&str, StatusCode); 12] = [
    ("refused_safety", StatusCode::UNPROCESSABLE_ENTITY),
    ("refused_prohibited", StatusCode::UNPROCESSABLE_ENTITY),
    ("refused_blocklist", StatusCode::UNPROCESSABLE_ENTITY),
    ("refused_personal_data", StatusCode::UNPROCESSABLE_ENTITY),
    ("refused_recitation", StatusCode::UNPROCESSABLE_ENTITY),
    ("refused_unspecified", StatusCode::UNPROCESSABLE_ENTITY),
    ("provider_busy", StatusCode::SERVICE_UNAVAILABLE),
    ("provider_timeout", StatusCode::SERVICE_UNAVAILABLE),
    ("provider_quota_exhausted", StatusCode::SERVICE_UNAVAILABLE),
    ("provider_faulty", StatusCode::SERVICE_UNAVAILABLE),
    ("provider_misconfigured", StatusCode::SERVICE_UNAVAILABLE),
    (INTERRUPTED, StatusCode::SERVICE_UNAVAILABLE),
];

/// The problem that an ended execution is, for its owner: `None` when it has a picture or is still at work.
pub fn problem_of(status: GenerationStatus, failure_code: Option<&str>) -> Option<Problem> {
    match status {
        GenerationStatus::Queued | GenerationStatus::Processing | GenerationStatus::Completed => None,
        GenerationStatus::Cancelled => Some(Problem::conflict("making_cancelled")),
        GenerationStatus::Failed | GenerationStatus::Refused => {
            let known = FAILURES.iter().find(|(code, _)| Some(*code) == failure_code);
            let (code, status) = known.copied().unwrap_or(("provider_faulty", StatusCode::SERVICE_UNAVAILABLE));
            Some(Problem::new(status, code))
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Locale;

    use super::*;
    use crate::providers::{AnswerError, Failure, RefusalReason};

    #[test]
    fn every_failure_of_a_provider_has_words_in_both_languages() {
        let others = [
            Failure::Retryable { after: None, cause: "" },
            Failure::QuotaExhausted,
            Failure::Unknown { cause: "" },
            Failure::faulty(AnswerError::NoPicture),
            Failure::Misconfigured { cause: String::new() },
        ];
        let refusals = RefusalReason::ALL.map(|reason| Failure::Refused { reason });
        let codes = refusals.iter().chain(&others).map(Failure::code).chain([INTERRUPTED]);
        for code in codes {
            let problem = problem_of(GenerationStatus::Failed, Some(code)).unwrap();
            assert_eq!(problem.code(), code);
            for locale in Locale::ALL {
                let body = problem.body(&ui::languages(), locale);
                assert!(!body.title.starts_with("error-") && body.detail.is_some(), "{locale} {code}");
            }
        }
    }
}
