//! Requesting a generation: cached for a day, executed once at a time, rate-limited per account, and paid for by a hold.

use credits::PriceId;
use kernel::{AiJobId, Ctx, GenerationId, JobId, UserActor, UserId};
use platform::jobs::{self, Enqueue};
use platform::rate_limits::{self, RateLimit};
use platform::{Problem, Tx};
use time::Duration;

use super::charging;
use super::inputs::{self, ResolvedInput};
use super::model::{GenerateImage, GenerateText};
use super::queries::{self, NewGeneration};
use crate::generations::model::{CACHE_LIFETIME, Generation};
use crate::generations::queries as generations;
use crate::generations::request_key::{RequestKey, seed_from};
use crate::generations::spec::GenerationSpec;
use crate::models::choose::{ModelSelector, Needs, choose_model};
use crate::models::model::AiModel;
use crate::output_size::OutputSize;
use crate::retention::model::expiry_of;
use crate::state::Studio;

/// A request for a generation.
#[derive(Clone, Debug)]
pub struct GenerationRequest {
    /// What is to be made.
    pub spec: GenerationSpec,
    /// Which model shall make it.
    pub model: ModelSelector,
    /// Make another one although the same was made before.
    pub again: bool,
    /// Repeats a picture where the model can.
    pub seed: Option<u32>,
    /// The price that was shown before the button was pressed; without one the current price is taken.
    pub price_id: Option<PriceId>,
}

/// Who pays for a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Payer {
    /// The person who asks for it, within their hourly limit.
    Customer,
    /// The platform itself.
    App,
}

/// How a request was answered.
#[derive(Debug)]
pub enum Submitted {
    /// The same was made within a day: here it is, at no cost.
    Cached(Box<Generation>),
    /// It is being made; perhaps since before this request.
    Running(Box<Generation>),
}

/// Answers a request from the cache, joins it to an identical one in flight, or enqueues it and holds its price.
///
/// # Errors
/// 402 without enough credits or while the plan is unpaid; 403 while banned; 409 when the price has changed since it was
/// shown, for longer than an hour; 422 for a model or shape that is not offered; 429 when the hour is used up; 503 when the database
/// does not answer.
pub async fn submit(
    studio: &Studio,
    ctx: &Ctx,
    user: &UserActor,
    request: &GenerationRequest,
) -> Result<Submitted, Problem> {
    answer(studio, ctx, user, request, Payer::Customer).await
}

/// As [`submit`], without the hourly limit and at the platform's own expense: for what the platform itself asks for, such as the
/// demo.
///
/// # Errors
/// As [`submit`], but never 402, 409 or 429.
pub async fn submit_unmetered(
    studio: &Studio,
    ctx: &Ctx,
    user: &UserActor,
    request: &GenerationRequest,
) -> Result<Submitted, Problem> {
    answer(studio, ctx, user, request, Payer::App).await
}

async fn answer(
    studio: &Studio,
    ctx: &Ctx,
    user: &UserActor,
    request: &GenerationRequest,
    payer: Payer,
) -> Result<Submitted, Problem> {
    identity::require_active(user)?;
    let (user_id, spec) = (user.user_id, &request.spec);
    let mut tx = studio.app.db.begin_as(ctx).await?;
    let inputs = inputs::resolve(&mut tx, user_id, spec).await?;
    let ratio = spec.size().map(OutputSize::ratio);
    let needs = Needs { operation: spec.operation(), input_count: inputs.len(), ratio };
    let model = choose_model(&mut tx, &studio.providers, &request.model, needs).await?;
    let size = model.studio_size();
    let hashes: Vec<&[u8]> = inputs.iter().map(|input| input.sha256.as_slice()).collect();
    let key = RequestKey::of(user_id, spec, &hashes, (model.provider, &model.model, size), request.seed);
    if !request.again
        && let Some(found) = find_made(ctx, &mut tx, user_id, &key.variation(0)).await?
    {
        return Ok(found);
    }
    tx.commit().await?;

    if payer == Payer::Customer {
        rate_limits::take(ctx, &studio.app, hourly(studio), &user_id.to_string()).await?;
    }
    let mut tx = studio.app.db.begin_system(kernel::SystemReason::PlatformRules).await?;
    let generation =
        enqueue(ctx, &mut tx, user_id, &Plan { request, model: &model, size, inputs: &inputs, key: &key, payer })
            .await?;
    // The same request finds this picture, unless another variation was asked for.
    if request.again {
        tx.commit().await?;
    } else {
        tx.commit_repeatable().await?;
    }
    Ok(Submitted::Running(Box::new(generation)))
}

/// What has been made, or is being made, for this very request.
async fn find_made(ctx: &Ctx, tx: &mut Tx, user_id: UserId, cache_key: &[u8]) -> Result<Option<Submitted>, Problem> {
    if let Some(id) = generations::cached(tx, user_id, cache_key, ctx.now() - CACHE_LIFETIME).await? {
        let generation = generations::find(tx, user_id, id).await?;
        return Ok(generation.map(|generation| Submitted::Cached(Box::new(generation))));
    }
    if let Some(id) = generations::in_flight(tx, user_id, cache_key).await? {
        let generation = generations::find(tx, user_id, id).await?;
        return Ok(generation.map(|generation| Submitted::Running(Box::new(generation))));
    }
    Ok(None)
}

/// A request with everything that was decided about it.
struct Plan<'a> {
    request: &'a GenerationRequest,
    model: &'a AiModel,
    /// The provider's name of the size.
    size: Option<&'a str>,
    inputs: &'a [ResolvedInput],
    key: &'a RequestKey,
    payer: Payer,
}

/// Records the generation, its inputs, its job and its hold in one transaction; joins one that began a moment earlier.
async fn enqueue(ctx: &Ctx, tx: &mut Tx, user_id: UserId, plan: &Plan<'_>) -> Result<Generation, Problem> {
    let Plan { request, model, key, .. } = plan;
    let variation = if request.again { generations::next_variation(tx, user_id, key.as_bytes()).await? } else { 0 };
    let cache_key = key.variation(variation);
    let new = NewGeneration {
        id: ctx.new_id::<GenerationId>(),
        user_id,
        spec: &request.spec,
        model,
        size: plan.size,
        seed: request.seed.unwrap_or_else(|| seed_from(&cache_key)),
        request_key: key.as_bytes(),
        cache_key: &cache_key,
        variation,
        now: ctx.now(),
        expires_at: expiry_of(tx, user_id, request.spec.retention(), ctx.now()).await?,
    };
    let id = if queries::insert(tx, &new).await? {
        inputs::record(tx, &new, plan.inputs).await?;
        let job_id = enqueue_job(ctx, tx, &new).await?;
        queries::insert_execution(tx, AiJobId(job_id.0), user_id, new.id, ctx.now()).await?;
        if plan.payer == Payer::Customer {
            charging::hold(ctx, tx, &new, request.price_id).await?;
        }
        Some(new.id)
    } else {
        generations::in_flight(tx, user_id, &cache_key).await?
    };
    // The other one may have ended between the two statements; the caller's next request is served from the cache.
    let busy = || Problem::conflict("request_in_progress").retry_after(Duration::SECOND);
    let id = id.ok_or_else(busy)?;
    generations::find(tx, user_id, id).await?.ok_or_else(busy)
}

async fn enqueue_job(ctx: &Ctx, tx: &mut Tx, new: &NewGeneration<'_>) -> Result<JobId, Problem> {
    let (generation_id, unique_key) = (new.id, Some(new.id.to_string()));
    let how = Enqueue { owner_id: Some(new.user_id), unique_key, run_at: None };
    Ok(match new.spec {
        GenerationSpec::Text(_) => jobs::enqueue_with(ctx, tx, &GenerateText { generation_id }, how).await?,
        _ => jobs::enqueue_with(ctx, tx, &GenerateImage { generation_id }, how).await?,
    })
}

/// How many generations one account may request.
fn hourly(studio: &Studio) -> RateLimit {
    RateLimit::hourly("studio.generate", studio.app.config.ai.generations_per_hour)
}
