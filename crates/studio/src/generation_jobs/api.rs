//! `POST /api/nano/generate` and the jobs that it starts.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json as JsonBody, Router};
use http::{HeaderMap, StatusCode};
use kernel::{AiJobId, Ctx, GenerationId, SystemReason};
use platform::Problem;
use platform::http::{Json, Member, Path, Query};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::body::GenerateBody;
use super::cancel::cancel;
use super::find::visible;
use super::follow::events;
use super::model::{Execution, problem_of};
use super::submit::{Submitted, submit};
use crate::generations::links::links_of;
use crate::generations::model::{Generation, GenerationStatus};
use crate::generations::queries as generations;
use crate::state::Studio;
use crate::wardrobe::read_request::read_request;

/// The longest wait of a request: proxies cut at 100 s.
const WAIT_SECONDS_MAX: u64 = 60;

/// The routes of generation jobs.
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

/// Makes a picture, or finds the one that was made within a day.
#[utoipa::path(post, path = "/api/nano/generate", tag = "studio", request_body(content = serde_json::Value, description = "{prompt, negative, aspectRatio, answers} and optionally provider, model, again, seed"), params(("wait" = Option<u32>, Query, description = "waits at most so many seconds for the picture, 60 when absent"), ("prefer" = Option<String>, Header, description = "respond-async: does not wait")), responses((status = 200, body = GenerateBody, description = "the picture: id, url, path"), (status = 202, body = GenerateBody, description = "it is still being made"), (status = 401, description = "unauthorized"), (status = 403, description = "forbidden"), (status = 422, description = "invalid_input"), (status = 429, description = "too_many_requests")))]
async fn generate(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Query(query): Query<WaitQuery>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response, Problem> {
    let request = read_request(&body)?;
    match submit(&studio, &ctx, &user, &request).await? {
        Submitted::Cached(generation) => respond(&studio, &ctx, &generation, true).await,
        Submitted::Running(generation) => {
            let wait = Duration::from_secs(query.wait.unwrap_or(default_wait(&headers)).min(WAIT_SECONDS_MAX));
            let generation = await_end(&studio, &ctx, *generation, wait).await?;
            respond(&studio, &ctx, &generation, false).await
        }
    }
}

/// How many seconds a request waits that does not say: for the picture, unless it prefers an answer at once (RFC 7240).
fn default_wait(headers: &HeaderMap) -> u64 {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let mut preferences = preferences.flat_map(|value| value.split([',', ';'])).map(str::trim);
    if preferences.any(|preference| preference.eq_ignore_ascii_case("respond-async")) { 0 } else { WAIT_SECONDS_MAX }
}

/// 200 with the picture, 202 while it is being made, or why there is none.
async fn respond(studio: &Studio, ctx: &Ctx, generation: &Generation, cached: bool) -> Result<Response, Problem> {
    if let Some(problem) = problem_of(generation.status, generation.failure_code.as_deref()) {
        return Err(problem);
    }
    let links = links_of(studio, ctx, generation).await?;
    let body = JsonBody(GenerateBody::new(generation, links, cached));
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
        let found = generations::find(&mut tx, generation.user_id, generation.id).await?;
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
    let mut tx = studio.app.db.begin_system(SystemReason::PlatformRules).await?;
    cancel(&ctx, &mut tx, user.user_id, id).await?;
    tx.commit().await?;
    Ok(JsonBody(visible(&studio, &ctx, id).await?.into()))
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(generate, show, end))]
struct ApiDoc;

/// The OpenAPI description of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <ApiDoc as utoipa::OpenApi>::openapi()
}
