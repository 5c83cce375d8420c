//! The inbox: events are believed by their signature, stored once, answered at once, and handled by a job.

pub(crate) mod api;
pub(crate) mod jobs;
mod orphans;
pub(crate) mod queries;

pub use jobs::HandleEvent;

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
