//! `/me`: the caller's pictures, and each with its facts and actions.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode, header};
use kernel::{AiJobId, Ctx, GenerationId, PageRequest, Paginated, SystemReason};
use platform::Problem;
use platform::http::{Form, Member, Path, Query};
use serde::Deserialize;
use time::Duration;
use ui::Page;

use super::api::ListQuery;
use super::links::{find_mine, links_of, thumbnails_of};
use super::model::{Generation, GenerationStatus, UNDO_LIFETIME};
use super::spec::{GenerationParams, GenerationSpec};
use super::{queries, views};
use crate::aspect_ratio::AspectRatio;
use crate::deletion::delete as deletion;
use crate::generation_jobs::cancel as jobs;
use crate::generation_jobs::find::visible;
use crate::generation_jobs::submit::{GenerationRequest, Submitted, submit};
use crate::models::choose::ModelSelector;
use crate::models::offers::offers;
use crate::providers::model::ProviderKind;
use crate::retention::queries::open_notices;
use crate::state::Studio;

/// The pages of what was made.
pub(crate) fn routes() -> Router<Studio> {
    Router::new()
        .route("/me", get(mine))
        .route("/me/{id}", get(one))
        .route("/me/{id}/original", get(original))
        .route("/me/{id}/again", post(again))
        .route("/me/{id}/cancel", post(cancel))
        .route("/me/{id}/delete", post(delete))
        .route("/me/{id}/restore", post(restore))
}

/// How many pictures come at once.
const PAGE_SIZE: u32 = 24;
/// How long a download link works.
const DOWNLOAD_LIFETIME: Duration = Duration::minutes(10);

#[derive(Deserialize)]
struct JustDeleted {
    deleted: Option<GenerationId>,
}

async fn mine(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Query(query): Query<ListQuery>,
    Query(just): Query<JustDeleted>,
) -> Result<Page, Problem> {
    let request = PageRequest::parse(query.cursor.as_deref(), Some(query.limit.unwrap_or(PAGE_SIZE).min(96)))?;
    let filter = query.filter()?;
    let mut tx = studio.app.db.begin_as(&ctx).await?;
    let rows = queries::page(&mut tx, user.user_id, &filter, &request).await?;
    let count = queries::count(&mut tx, user.user_id).await?;
    let deleted = match just.deleted {
        Some(id) => queries::find(&mut tx, user.user_id, id).await?,
        None => None,
    };
    let notice = open_notices(&mut tx, user.user_id, ctx.now()).await?.into_iter().next();
    tx.commit().await?;
    let undoable = deleted.filter(|gone| gone.deleted_at.is_some_and(|at| at + UNDO_LIFETIME > ctx.now()));
    let part = Paginated::from_rows(rows, &request, Generation::position);
    let ids: Vec<GenerationId> = part.items.iter().map(|generation| generation.id).collect();
    let thumbnails = thumbnails_of(&studio, &ctx, &ids).await?;
    let undoable = undoable.map(|gone| gone.id);
    let shown = views::Shown { part, thumbnails, count, query: &query, undoable, notice };
    views::mine(&studio, &ctx, shown).await
}

#[derive(Deserialize)]
struct OneQuery {
    cached: Option<String>,
}

async fn one(
    State(studio): State<Studio>,
    Member { ctx, .. }: Member,
    Path(id): Path<GenerationId>,
    Query(query): Query<OneQuery>,
) -> Result<Response, Problem> {
    let generation = find_mine(&studio, &ctx, id).await?;
    let is_waiting = !generation.status.is_final();
    let page = page_of(&studio, &ctx, &generation, query.cached.is_some(), None).await?;
    let mut response = page.into_response();
    if is_waiting {
        // Without script the page looks again by itself.
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("3"));
    }
    Ok(response)
}

/// A picture's page, with what another one costs.
async fn page_of(
    studio: &Studio,
    ctx: &Ctx,
    generation: &Generation,
    is_cached: bool,
    problem: Option<&Problem>,
) -> Result<Page, Problem> {
    let links = links_of(studio, ctx, generation).await?;
    let execution = match generation.job_id.filter(|_| !generation.status.is_final()) {
        Some(job_id) => visible(studio, ctx, AiJobId(job_id)).await.ok(),
        None => None,
    };
    let mut tx = studio.app.db.begin_as(ctx).await?;
    let offers = offers(ctx, &mut tx, &studio.providers).await?;
    tx.commit().await?;
    let execution = execution.as_ref();
    let offers = &offers;
    views::one(studio, ctx, views::ShownOne { generation, links, execution, is_cached, offers, problem })
}

/// A fresh link to the original, under a name that says what it is.
async fn original(
    State(studio): State<Studio>,
    Member { ctx, .. }: Member,
    Path(id): Path<GenerationId>,
) -> Result<Redirect, Problem> {
    let generation = find_mine(&studio, &ctx, id).await?;
    let key = generation.storage_key.ok_or_else(Problem::not_found)?;
    let extension = key.file_name().rsplit('.').next().unwrap_or("png");
    let name = format!("machiya-{}.{extension}", generation.created_at.unix_timestamp());
    let link = studio.app.storage.signed_url(&ctx, &key, DOWNLOAD_LIFETIME, Some(&name)).await?;
    Ok(Redirect::to(&link))
}

#[derive(Deserialize)]
struct AgainForm {
    #[serde(rename = "aspectRatio")]
    aspect_ratio: Option<String>,
    /// The price that was shown.
    #[serde(rename = "priceId")]
    price_id: Option<String>,
}

/// Another one of the same, or the same in another shape.
async fn again(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Path(id): Path<GenerationId>,
    Form(form): Form<AgainForm>,
) -> Result<Response, Problem> {
    let generation = find_mine(&studio, &ctx, id).await?;
    let unknown = || Problem::invalid_field("aspectRatio", "unknown_value");
    let ratio = form.aspect_ratio.as_deref().unwrap_or(&generation.aspect_ratio);
    let ratio: AspectRatio = ratio.parse().map_err(|_| unknown())?;
    let price_id = form.price_id.filter(|id| !id.is_empty()).map(|id| id.parse()).transpose();
    let price_id = price_id.map_err(|_| Problem::invalid_field("priceId", "unknown_value"))?;
    let same_shape = ratio.as_str() == generation.aspect_ratio;
    let mut tx = studio.app.db.begin_as(&ctx).await?;
    let spec = queries::spec(&mut tx, user.user_id, id).await?.ok_or_else(Problem::not_found)?.0;
    tx.commit().await?;
    let spec = match spec {
        GenerationSpec::Wardrobe(params) => GenerationSpec::Wardrobe(GenerationParams { ratio, ..params }),
        other if same_shape => other,
        _ => return Err(unknown()),
    };
    let request = GenerationRequest {
        spec,
        // A model that has been retired meanwhile is replaced by the platform's choice.
        model: selector_for(&studio, generation.provider, generation.model.clone()),
        // What failed is requested again as it was.
        again: same_shape && generation.status == GenerationStatus::Completed,
        seed: None,
        price_id,
    };
    let place = match submit(&studio, &ctx, &user, &request).await {
        Ok(Submitted::Cached(generation)) => format!("/me/{}?cached=1", generation.id),
        Ok(Submitted::Running(generation)) => format!("/me/{}", generation.id),
        // Too few credits or a changed price are shown beside the button, with the current price.
        Err(problem) if [StatusCode::PAYMENT_REQUIRED, StatusCode::CONFLICT].contains(&problem.status()) => {
            return Ok(page_of(&studio, &ctx, &generation, false, Some(&problem)).await?.into_response());
        }
        Err(problem) => return Err(problem),
    };
    Ok(Redirect::to(&place).into_response())
}

fn selector_for(studio: &Studio, provider: ProviderKind, model: String) -> ModelSelector {
    if studio.providers.has(provider) {
        ModelSelector { provider: Some(provider), model: Some(model) }
    } else {
        ModelSelector::default()
    }
}

async fn cancel(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Path(id): Path<GenerationId>,
) -> Result<Redirect, Problem> {
    let generation = find_mine(&studio, &ctx, id).await?;
    let job_id = generation.job_id.ok_or_else(Problem::not_found)?;
    let mut tx = studio.app.db.begin_system(SystemReason::PlatformRules).await?;
    jobs::cancel(&ctx, &mut tx, user.user_id, AiJobId(job_id)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/me"))
}

async fn delete(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Path(id): Path<GenerationId>,
) -> Result<Redirect, Problem> {
    let mut tx = studio.app.db.begin_system(SystemReason::PlatformRules).await?;
    deletion::delete(&ctx, &mut tx, user.user_id, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/me?deleted={id}")))
}

async fn restore(
    State(studio): State<Studio>,
    Member { ctx, user }: Member,
    Path(id): Path<GenerationId>,
) -> Result<Redirect, Problem> {
    let mut tx = studio.app.db.begin_system(SystemReason::PlatformRules).await?;
    deletion::restore(&ctx, &mut tx, user.user_id, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/me/{id}")))
}
