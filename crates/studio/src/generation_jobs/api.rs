//! `POST /api/nano/generate` and the jobs that it starts.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json as JsonBody, Router};
use http::StatusCode;
use kernel::{AiJobId, Ctx, GenerationId};
use platform::Problem;
use platform::http::{Json, Member, Path, Query};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ask::{Asked, MakeRequest, ask};
use super::cancel::cancel;
use super::follow::events;
use super::model::{Execution, problem_of};
use super::queries;
use crate::Studio;
use crate::generations::{self, Generation, GenerationStatus, Links};

/// A request of ours never waits longer: proxies cut at 100 s.
const WAIT_SECONDS_MAX: u64 = 60;

/// The routes of making.
pub(crate) fn routes() -> Router<Studio> {
    Router::new()
        .route("/api/nano/generate", post(generate))
        .route("/api/jobs/{id}", get(show).delete(end))
        .route("/api/jobs/{id}/events", get(events))
}

#[derive(Deserialize)]
struct WaitQuery {
    wait: Option<u64>,
}

/// Where a picture stands; with its address once it is there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MakingBody {
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

impl MakingBody {
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

/// Makes a picture, or finds the one that was made within a day.
#[utoipa::path(post, path = "/api/nano/generate", tag = "studio", request_body(content = serde_json::Value, description = "{prompt, negative, aspectRatio, answers} and optionally provider, model, again, seed"), params(("wait" = Option<u32>, Query, description = "waits so many seconds for the picture")), responses((status = 200, body = MakingBody), (status = 202, body = MakingBody), (status = 401, description = "unauthorized"), (status = 403, description = "forbidden"), (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
async fn generate(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Query(query): Query<WaitQuery>,
    Json(body): Json<Value>,
) -> Result<Response, Problem> {
    let request = MakeRequest::read(&body)?;
    match ask(&studio, &ctx, &user, &request).await? {
        Asked::Cached(generation) => respond(&studio, &ctx, &generation, true).await,
        Asked::Running(generation) => {
            let wait = Duration::from_secs(query.wait.unwrap_or(0).min(WAIT_SECONDS_MAX));
            let generation = await_end(&studio, &ctx, *generation, wait).await?;
            respond(&studio, &ctx, &generation, false).await
        }
    }
}

/// 200 with the picture, 202 while it is being made, or why there is none.
async fn respond(studio: &Studio, ctx: &Ctx, generation: &Generation, cached: bool) -> Result<Response, Problem> {
    if let Some(problem) = problem_of(generation.status, generation.failure_code.as_deref()) {
        return Err(problem);
    }
    let links = generations::links_of(studio, ctx, generation).await?;
    let body = JsonBody(MakingBody::new(generation, links, cached));
    let status = if generation.status.is_final() { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, body).into_response())
}

/// Waits until a generation has ended, or for `wait`.
async fn await_end(
    studio: &Studio,
    ctx: &Ctx,
    mut generation: Generation,
    wait: Duration,
) -> Result<Generation, Problem> {
    let deadline = tokio::time::Instant::now() + wait;
    let mut changes = studio.app.progress.subscribe();
    while !generation.status.is_final() && tokio::time::Instant::now() < deadline {
        // A lost notification must not cost more than a second.
        let pause = Duration::from_secs(1).min(deadline.saturating_duration_since(tokio::time::Instant::now()));
        let _ = tokio::time::timeout(pause, async {
            while changes.recv().await.is_ok_and(|id| Some(id.0) != generation.job_id) {}
        })
        .await;
        let mut tx = studio.app.db.begin_as(ctx).await?;
        let found = generations::queries::find(&mut tx, generation.user_id, generation.id).await?;
        tx.commit().await?;
        generation = found.ok_or_else(Problem::not_found)?;
    }
    Ok(generation)
}

/// An execution for its owner.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct JobBody {
    id: AiJobId,
    generation_id: GenerationId,
    status: GenerationStatus,
    percent: i16,
    stage: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    events_url: String,
    #[serde(with = "time::serde::rfc3339")]
    created_at: time::OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: time::OffsetDateTime,
}

impl From<Execution> for JobBody {
    fn from(execution: Execution) -> Self {
        let (percent, stage) = execution.progress();
        Self {
            id: execution.id,
            generation_id: execution.generation_id,
            status: execution.status,
            percent,
            stage: stage.to_owned(),
            events_url: format!("/api/jobs/{}/events", execution.id),
            created_at: execution.created_at,
            updated_at: execution.updated_at,
            error: execution.failure_code,
        }
    }
}

/// How a job stands.
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "studio", params(("id" = uuid::Uuid, Path, description = "the job")), responses((status = 200, body = JobBody), (status = 404, description = "not_found")))]
async fn show(
    State(studio): State<Studio>,
    Member { ctx, .. }: Member,
    Path(id): Path<AiJobId>,
) -> Result<JsonBody<JobBody>, Problem> {
    Ok(JsonBody(visible(&studio, &ctx, id).await?.into()))
}

/// Cancels a job.
#[utoipa::path(delete, path = "/api/jobs/{id}", tag = "studio", params(("id" = uuid::Uuid, Path, description = "the job")), responses((status = 204), (status = 404, description = "not_found"), (status = 409, description = "it has ended")))]
async fn end(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Path(id): Path<AiJobId>,
) -> Result<JsonBody<JobBody>, Problem> {
    let mut tx = studio.app.db.begin_system(kernel::SystemReason::PlatformRules).await?;
    cancel(&ctx, &mut tx, user.user_id, id).await?;
    tx.commit().await?;
    Ok(JsonBody(visible(&studio, &ctx, id).await?.into()))
}

/// An execution that the caller may see.
pub(crate) async fn visible(studio: &Studio, ctx: &Ctx, id: AiJobId) -> Result<Execution, Problem> {
    let mut tx = studio.app.db.begin_as(ctx).await?;
    let execution = queries::visible(&mut tx, id).await?;
    tx.commit().await?;
    execution.ok_or_else(Problem::not_found)
}

/// What this part of the API says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(paths(generate, show, end))]
pub(crate) struct Described;
