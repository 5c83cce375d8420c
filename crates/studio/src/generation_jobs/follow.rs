//! The progress of an execution as server-sent events. The database is the truth; notifications only say when to look.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use kernel::{AiJobId, Ctx};
use platform::Problem;
use platform::http::{Member, Path};
use serde_json::{Value, json};

use super::body::GenerateBody;
use super::find::visible;
use super::model::{Execution, problem_of};
use crate::generations::links::{find_mine, links_of};
use crate::generations::model::GenerationStatus;
use crate::state::Studio;

/// Below the 40 s after which a browser believes that the connection is dead.
const PING: Duration = Duration::from_secs(15);
/// How long to trust notifications before looking again.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// A stream ends after this and is taken up again by the client, so that a lost client is noticed.
const STREAM_MAX: Duration = Duration::from_secs(15 * 60);

/// `GET /api/jobs/{id}/events`: `progress {percent, stage}`, for a text that is being written `text {text}`, then `completed {id, url, path, thumbnailUrl}` or
/// `failed {error, title, detail}`, and the end.
#[utoipa::path(get, path = "/api/jobs/{id}/events", tag = "studio", params(("id" = uuid::Uuid, Path, description = "the job")), responses((status = 200, content_type = "text/event-stream", description = "progress, then completed or failed"), (status = 404, description = "not_found")))]
pub(super) async fn events(
    State(studio): State<Studio>,
    Member { ctx, .. }: Member,
    Path(id): Path<AiJobId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    // Subscribed before the first look, so that no change falls between.
    let changes = studio.app.progress.subscribe();
    let first = visible(&studio, &ctx, id).await?;
    let stream = follow(studio, ctx, first, changes, seen);
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(PING).text("ping")).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Tells reverse proxies not to collect the answer.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

fn follow(
    studio: Studio,
    ctx: Ctx,
    first: Execution,
    mut changes: tokio::sync::broadcast::Receiver<kernel::JobId>,
    seen: Option<i128>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let deadline = tokio::time::Instant::now() + STREAM_MAX;
        let (id, mut execution, mut last) = (first.id, first, seen);
        yield Ok(Event::default().retry(Duration::from_secs(1)));
        while tokio::time::Instant::now() < deadline {
            let event_id = execution.updated_at.unix_timestamp_nanos() / 1_000;
            if execution.status.is_final() {
                let (name, data) = ending(&studio, &ctx, &execution).await;
                yield Ok(event(event_id, name, &data));
                return;
            }
            if last.is_none_or(|last| event_id > last) {
                let (percent, stage) = execution.progress();
                yield Ok(event(event_id, "progress", &json!({"percent": percent, "stage": stage})));
                if let Some(text) = &execution.partial_text {
                    yield Ok(event(event_id, "text", &json!({"text": text})));
                }
                last = Some(event_id);
            }
            tokio::select! {
                () = studio.app.tasks.stopping() => return,
                _ = tokio::time::timeout(LOOK_AGAIN, async { while changes.recv().await.is_ok_and(|changed| changed.0 != id.0) {} }) => {}
            }
            match visible(&studio, &ctx, id).await {
                Ok(now) => execution = now,
                // The client takes the stream up again when the database is back.
                Err(_) => return,
            }
        }
    }
}

/// The event that ends the stream of an ended execution.
async fn ending(studio: &Studio, ctx: &Ctx, execution: &Execution) -> (&'static str, Value) {
    let problem = match execution.status {
        GenerationStatus::Completed => match completed(studio, ctx, execution).await {
            Ok(body) => return ("completed", body),
            Err(problem) => problem,
        },
        status => problem_of(status, execution.failure_code.as_deref()).unwrap_or_else(Problem::not_found),
    };
    let body = problem.body(&studio.app.languages, ctx.locale);
    ("failed", serde_json::to_value(body).unwrap_or_default())
}

async fn completed(studio: &Studio, ctx: &Ctx, execution: &Execution) -> Result<Value, Problem> {
    let generation = find_mine(studio, ctx, execution.generation_id).await?;
    let links = links_of(studio, ctx, &generation).await?;
    let body = GenerateBody::new(&generation, links, false);
    serde_json::to_value(body).map_err(|error| Problem::internal(anyhow::anyhow!(error)))
}

fn event(id: i128, name: &str, data: &Value) -> Event {
    Event::default().id(id.to_string()).event(name).data(data.to_string())
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(events))]
struct ApiDoc;

/// The OpenAPI description of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <ApiDoc as utoipa::OpenApi>::openapi()
}
