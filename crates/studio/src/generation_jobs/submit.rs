//! Requesting a generation: cached for a day, executed once at a time, rate-limited per account, and paid for by a hold.

use credits::PriceId;
use kernel::{AiJobId, Ctx, GenerationId, UserActor};
use platform::jobs::{self, Enqueue};
use platform::rate_limits::{self, RateLimit};
use platform::{FieldProblem, Problem, Tx};
use serde_json::Value;
use time::Duration;

use super::charging;
use super::model::GenerateImage;
use super::queries::{self, NewGeneration};
use crate::generations::model::{CACHE_LIFETIME, Generation, RequestKey, seed_from};
use crate::generations::queries as generations;
use crate::models::choose::{ModelSelector, choose_model};
use crate::models::model::{ImageModel, Operation};
use crate::providers::model::ProviderKind;
use crate::retention::model::expiry_of;
use crate::state::Studio;
use crate::wardrobe::validate::{GenerationParams, read_params};

/// A request for a picture.
#[derive(Clone, Debug)]
pub struct GenerationRequest {
    /// What it shall show.
    pub params: GenerationParams,
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

impl GenerationRequest {
    /// Reads `{prompt, negative, aspectRatio, answers}` and the optional `provider`, `model`, `again`, `seed` and
    /// `priceId`.
    ///
    /// # Errors
    /// 422 with every field that is wrong.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, code| problems.push(FieldProblem::new(field, code));
        let member = |name: &str| body.get(name).filter(|value| !value.is_null());
        let text = |name: &str| member(name).map(|value| value.as_str().ok_or("wrong_type")).transpose();

        let provider = text("provider")
            .and_then(|name| name.map(|name| name.parse::<ProviderKind>().map_err(|_| "unknown_value")).transpose());
        let provider = provider.unwrap_or_else(|code| {
            wrong("provider", code);
            None
        });
        let model = text("model").unwrap_or_else(|code| {
            wrong("model", code);
            None
        });
        let again = member("again").map_or(Some(false), Value::as_bool).unwrap_or_else(|| {
            wrong("again", "wrong_type");
            false
        });
        let seed = match member("seed").map(|value| value.as_u64().and_then(|seed| u32::try_from(seed).ok())) {
            Some(None) => {
                wrong("seed", "wrong_type");
                None
            }
            Some(Some(seed)) if seed > i32::MAX.cast_unsigned() => {
                wrong("seed", "unknown_value");
                None
            }
            Some(seed) => seed,
            None => None,
        };
        let price_id = match text("priceId").map(|id| id.map(str::parse::<PriceId>).transpose()) {
            Ok(Ok(price_id)) => price_id,
            Ok(Err(_)) => {
                wrong("priceId", "unknown_value");
                None
            }
            Err(code) => {
                wrong("priceId", code);
                None
            }
        };
        match read_params(body) {
            Ok(params) if problems.is_empty() => {
                let model = ModelSelector { provider, model: model.map(str::to_owned) };
                Ok(Self { params, model, again, seed, price_id })
            }
            Ok(_) => Err(Problem::invalid(problems)),
            Err(errors) => {
                problems.extend(errors.into_iter().map(FieldProblem::from));
                Err(Problem::invalid(problems))
            }
        }
    }
}

/// Answers a request from the cache, joins it to an identical one in flight, or enqueues it and holds its price.
///
/// # Errors
/// 402 without enough credits or while the plan is unpaid; 403 while banned; 409 when the price has changed since it was
/// shown, for longer than an hour; 422 for a model or shape that is not offered; 429 when the hour is used up; 503 when the database
/// does not answer.
pub(crate) async fn submit(
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
    let mut tx = studio.app.db.begin_as(ctx).await?;
    let params = &request.params;
    let model = choose_model(&mut tx, &studio.providers, &request.model, Operation::Generate, params.ratio).await?;
    let key = RequestKey::of(user.user_id, params, model.provider, &model.model, model.studio_size(), request.seed);
    if !request.again
        && let Some(found) = find_made(ctx, &mut tx, user, &key.variation(0)).await?
    {
        return Ok(found);
    }
    tx.commit().await?;

    if payer == Payer::Customer {
        rate_limits::take(ctx, &studio.app, hourly(studio), &user.user_id.to_string()).await?;
    }
    let mut tx = studio.app.db.begin_system(kernel::SystemReason::PlatformRules).await?;
    let generation = enqueue(ctx, &mut tx, user, request, &model, &key, payer).await?;
    // The same request finds this picture, unless another variation was asked for.
    if request.again {
        tx.commit().await?;
    } else {
        tx.commit_repeatable().await?;
    }
    Ok(Submitted::Running(Box::new(generation)))
}

/// What has been made, or is being made, for this very request.
async fn find_made(ctx: &Ctx, tx: &mut Tx, user: &UserActor, cache_key: &[u8]) -> Result<Option<Submitted>, Problem> {
    let user_id = user.user_id;
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

/// Records the generation, its job and its hold in one transaction; joins one that began a moment earlier.
async fn enqueue(
    ctx: &Ctx,
    tx: &mut Tx,
    user: &UserActor,
    request: &GenerationRequest,
    model: &ImageModel,
    key: &RequestKey,
    payer: Payer,
) -> Result<Generation, Problem> {
    let user_id = user.user_id;
    let variation = if request.again { generations::next_variation(tx, user_id, key.as_bytes()).await? } else { 0 };
    let cache_key = key.variation(variation);
    let new = NewGeneration {
        id: ctx.new_id::<GenerationId>(),
        user_id,
        params: &request.params,
        model,
        seed: request.seed.unwrap_or_else(|| seed_from(&cache_key)),
        request_key: key.as_bytes(),
        cache_key: &cache_key,
        variation,
        now: ctx.now(),
        expires_at: expiry_of(tx, user_id, ctx.now()).await?,
    };
    let id = if queries::insert(tx, &new).await? {
        let how = Enqueue { owner_id: Some(user_id), unique_key: Some(new.id.to_string()), run_at: None };
        let job_id = jobs::enqueue_with(ctx, tx, &GenerateImage { generation_id: new.id }, how).await?;
        queries::insert_execution(tx, AiJobId(job_id.0), user_id, new.id, ctx.now()).await?;
        if payer == Payer::Customer {
            charging::hold(ctx, tx, user_id, new.id, model, request.price_id).await?;
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

/// How many generations one account may request.
fn hourly(studio: &Studio) -> RateLimit {
    RateLimit::hourly("studio.generate", studio.app.config.ai.generations_per_hour)
}
