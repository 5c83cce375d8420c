//! An execution: one generation given to the queue and a provider.

use credits::Amount;
use http::StatusCode;
use kernel::{AiJobId, GenerationId, ImageCredits, Tokens, UserId};
use platform::Problem;
use platform::jobs::Job;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};

use crate::generations::model::GenerationStatus;
use crate::generations::spec::GenerationSpec;
use crate::providers::model::ProviderKind;

/// Makes the picture of a generation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct GenerateImage {
    /// The generation.
    pub generation_id: GenerationId,
}

impl Job for GenerateImage {
    const NAME: &'static str = "studio.generate_image";
    const MAX_ATTEMPTS: i32 = 4;
    const FIRST_RETRY: Duration = Duration::seconds(10);
}

/// Makes the text of a generation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct GenerateText {
    /// The generation.
    pub generation_id: GenerationId,
}

impl Job for GenerateText {
    const NAME: &'static str = "studio.generate_text";
    const MAX_ATTEMPTS: i32 = GenerateImage::MAX_ATTEMPTS;
    const FIRST_RETRY: Duration = GenerateImage::FIRST_RETRY;
}

/// Fails executions whose job is gone: a worker died between the job's end and its effect.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct SettleOrphans {}

impl Job for SettleOrphans {
    const NAME: &'static str = "studio.settle_orphans";
    const MAX_ATTEMPTS: i32 = 1;
}

/// The code of an execution that ended because workers kept dying.
pub(super) const INTERRUPTED: &str = "generation_interrupted";

/// Provider calls with an unknown outcome after which the execution fails: each may have been billed.
pub(super) const UNKNOWN_CALLS_MAX: i32 = 2;

/// An execution as its owner sees it.
#[derive(Clone, Debug)]
pub(crate) struct Execution {
    /// The execution, and its job in the queue.
    pub id: AiJobId,
    /// What is being made.
    pub generation_id: GenerationId,
    /// Where it stands.
    pub status: GenerationStatus,
    /// Why there is no picture.
    pub failure_code: Option<String>,
    /// When it was requested.
    pub created_at: OffsetDateTime,
    /// When it last changed; the id of its events.
    pub updated_at: OffsetDateTime,
    /// How far the work is.
    pub percent: Option<i16>,
    /// What is being done.
    pub stage: Option<String>,
    /// What a text model has written so far.
    pub partial_text: Option<String>,
}

impl Execution {
    /// How far it is, and a stable word for what is being done: `queued`, `drawing`, `writing`, `checking`, `storing`, `retrying`,
    /// or how it ended.
    pub(crate) fn progress(&self) -> (i16, &str) {
        match self.status {
            GenerationStatus::Completed => (100, "completed"),
            GenerationStatus::Failed => (self.percent.unwrap_or(0), "failed"),
            GenerationStatus::Refused => (self.percent.unwrap_or(0), "refused"),
            GenerationStatus::Cancelled => (self.percent.unwrap_or(0), "cancelled"),
            GenerationStatus::Queued | GenerationStatus::Processing => {
                let stage = match self.stage.as_deref() {
                    Some("running") => "drawing",
                    Some("waiting") => "retrying",
                    Some(known @ ("drawing" | "writing" | "checking" | "storing")) => known,
                    _ => "queued",
                };
                (self.percent.unwrap_or(0), stage)
            }
        }
    }
}

/// What a worker needs to make a generation.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub generation_id: GenerationId,
    pub user_id: UserId,
    pub status: GenerationStatus,
    pub provider: ProviderKind,
    pub model: String,
    pub size: Option<String>,
    pub seed: i64,
    pub spec: Json<GenerationSpec>,
    pub created_at: OffsetDateTime,
    pub unknown_calls: i32,
}

/// What a picture was paid with; both zero for what the platform made at its own expense.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    pub image_credits: ImageCredits,
    pub tokens: Tokens,
}

impl From<Amount> for Spent {
    fn from(amount: Amount) -> Self {
        match amount {
            Amount::Images(image_credits) => Self { image_credits, tokens: Tokens::ZERO },
            Amount::Tokens(tokens) => Self { image_credits: ImageCredits::ZERO, tokens },
        }
    }
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
pub(crate) fn problem_of(status: GenerationStatus, failure_code: Option<&str>) -> Option<Problem> {
    match status {
        GenerationStatus::Queued | GenerationStatus::Processing | GenerationStatus::Completed => None,
        GenerationStatus::Cancelled => Some(Problem::conflict("generation_cancelled")),
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
    use crate::providers::model::{AnswerError, Failure, RefusalReason};

    #[test]
    fn every_failure_of_a_provider_has_words_in_both_languages() {
        let others = [
            Failure::Retryable { after: None, cause: "" },
            Failure::QuotaExhausted,
            Failure::Unknown { cause: "" },
            Failure::bad_answer(AnswerError::NoPicture),
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
