//! The JSON of a generation under way or done, as requests and events answer it.

use kernel::GenerationId;
use serde::Serialize;

use crate::generations::links::Links;
use crate::generations::model::{Generation, GenerationStatus};

/// A generation under way, or the picture with its address.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GenerateBody {
    /// The generation.
    pub(crate) id: GenerationId,
    /// Its latest execution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) job_id: Option<uuid::Uuid>,
    /// `queued`, `processing`, `completed`, `failed`, `refused` or `cancelled`.
    pub(crate) status: GenerationStatus,
    /// Whether it was made for the same request within the last 24 hours.
    pub(crate) cached: bool,
    /// Where its progress can be followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) events_url: Option<String>,
    /// A link to the original that works for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    /// The original's key in the storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// A link to a small picture that works for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thumbnail_url: Option<String>,
}

impl GenerateBody {
    pub(crate) fn new(generation: &Generation, links: Links, cached: bool) -> Self {
        Self {
            id: generation.id,
            job_id: generation.job_id,
            status: generation.status,
            cached,
            events_url: generation.job_id.map(|id| format!("/api/jobs/{id}/events")),
            url: links.original,
            path: generation.storage_key.as_ref().map(ToString::to_string),
            thumbnail_url: links.thumbnail,
        }
    }
}
